import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
})
afterAll(() => daemon.stop())

const manifest = `
name: mailer
title: Mailer
description: Sends mail.
version: v1.0.0
category: infrastructure
core: false
namespace: mailer
dependsOn: []
requiresConfig: [cloud.smtp.host, cluster.name]
config:
  mailer.from: { type: string, title: Sender }
  mailer.port: { type: integer, title: Port, default: 25 }
secrets:
  - { name: relay, namespace: mailer, keys: { key: mailer.key }, kind: supplied }
  - { name: extra, namespace: mailer, keys: { key: mailer.extra }, kind: supplied, optional: true }
  - { name: made, namespace: mailer, keys: { key: mailer.made }, kind: generated }
apply: []
`

it('a service tells which settings and secrets nobody gave and it has no default for', async () => {
  const folder = join(daemon.data, 'setup/cluster-services/mailer')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.yaml'), manifest)
  const service = async () => (await daemon.rest('GET', '/instances/home/services/mailer')).body.data
  expect(await service()).toMatchObject({
    missing_settings: ['cloud.smtp.host', 'mailer.from'],
    missing_secrets: ['mailer.key'],
  })
  await daemon.rest('PUT', '/instances/home/config', { path: 'cloud.smtp.host', value: 'mail.example.com' })
  await daemon.rest('PUT', '/instances/home/config', { path: 'mailer.from', value: 'me' })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'mailer.key', value: 'a-relay-key' })
  expect(await service()).toMatchObject({ missing_settings: [], missing_secrets: [] })
  const { services } = (await daemon.rest('GET', '/instances/home/services')).body.data
  expect(services.find(({ name }: { name: string }) => name === 'traefik')).toMatchObject({ missing_secrets: [] })
})

it('services are listed also while the config cannot be read', async () => {
  await daemon.rest('POST', '/instances', { name: 'odd' })
  writeFileSync(join(daemon.data, 'instances/odd/config.yaml'), 'a: [\n')
  const { status, body } = await daemon.rest('GET', '/instances/odd/services')
  expect([status, body.data.services.length > 3]).toEqual([200, true])
})
