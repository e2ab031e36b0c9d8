import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pick, printSeed, randoms } from '../depth.ts'
import { labDoor } from '../lab-door.ts'
import { startTestWorld } from '../world.ts'
import { kubectl } from './support/kubectl.ts'
import { complete } from './support/stages.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
const home = '/instances/home'

/** What can go wrong once a service is applied; at `quick` one of them, chosen by the seed. */
const troubles = ['crash', 'address', 'webhook', 'definition'] as const
const drawn = Math.floor(randoms('service-troubles')() * troubles.length)
const walked: readonly string[] = pick({
  quick: troubles.slice(drawn, drawn + 1),
  ci: [...troubles],
  full: [...troubles],
})
const when = (trouble: (typeof troubles)[number]) => it.runIf(walked.includes(trouble))

let world: Awaited<ReturnType<typeof startTestWorld>>
let prefix: string

const cli = (command: string) => succeed(world, ...command.split(' '))
const install = (name: string) => complete(world, { path: '/services', body: { name } })
const service = async (name: string) => (await world.rest('GET', `${home}/services/${name}`)).body.data
const logOf = async (id: string): Promise<string> =>
  (await world.rest('GET', `/operations/${id}`)).body.data.logs.join('\n')
const setPool = (first: number, last: number) =>
  cli(`config set cluster.ipAddressPool ${prefix}.${first}-${prefix}.${last}`)

beforeAll(async () => {
  printSeed('service-troubles')
  world = await startTestWorld({ speed: 60, machines: 1 })
  prefix = (await labDoor(world.dataDirectory).state()).net.replace(/\.0\/24$/, '')
  await walkUntil(world, 'cluster', 'control-1')
  await cli('service install metallb')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

/** A catalog entry of somebody's own: one object, and what is waited for, not for long. */
function ownService(name: string, ready: string, object: string): void {
  const files = {
    'manifest.yaml': `name: ${name}
title: Own ${name}
description: A service of somebody's own.
version: v1.0.0
category: infrastructure
core: false
namespace: ${name}
dependsOn: []
apply:
  - kustomize: own
    title: Installing it
    ready: [${ready}]
`,
    'kustomize.template/own/kustomization.yaml': `resources: [namespace.yaml, object.yaml]\n`,
    'kustomize.template/own/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`,
    'kustomize.template/own/object.yaml': object,
  }
  for (const [path, text] of Object.entries(files)) {
    const file = join(world.dataDirectory, 'setup/cluster-services', name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

const program = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: unlucky, namespace: unlucky }
spec:
  selector: { matchLabels: { app: unlucky } }
  template:
    metadata: { labels: { app: unlucky } }
    spec: { containers: [{ name: main, image: "${image}" }] }
`
const door = `apiVersion: v1
kind: Service
metadata: { name: door, namespace: door }
spec: { type: LoadBalancer, selector: { app: door }, ports: [{ port: 80 }] }
`
const definition = (plural: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: ${plural}, singular: ${plural}-one, kind: Pond, listKind: ${plural}List }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`

describe('a service that does not come up', () => {
  when('crash')(
    'because its program ends again and again is told with that, and where to read why; the next run goes on',
    async () => {
      const ready = '{ kind: Deployment, name: unlucky, condition: Available, timeoutSeconds: 8 }'
      ownService('unlucky', ready, program('example.com/exits-with-error:1'))
      const { status, error, operation_id } = await install('unlucky')
      expect([status, error.code]).toEqual(['failed', 'TIMEOUT'])
      expect(error.message).toMatch(/Own unlucky was not ready after 8 s.*exit code 1.*Its log says why/)
      expect(error.details.hint).toContain('run it again')
      expect(await logOf(operation_id)).toContain('The last lines of pod unlucky-')
      expect((await service('unlucky')).trouble).toContain('Its log says why')

      ownService('unlucky', ready, program('example.com/fine:1'))
      expect((await install('unlucky')).status).toBe('completed')
      const { status: now, trouble } = await service('unlucky')
      expect([now, trouble]).toEqual(['running', undefined])
    },
    limitMs,
  )

  when('address')(
    'because no address of the pool is free is told so; once the pool is larger it goes on',
    async () => {
      ownService(
        'taker',
        '{ kind: Service, name: door, condition: LoadBalancer, timeoutSeconds: 30 }',
        door.replaceAll('namespace: door', 'namespace: taker'),
      )
      ownService('door', '{ kind: Service, name: door, condition: LoadBalancer, timeoutSeconds: 8 }', door)
      await setPool(80, 80)
      for (const name of ['metallb', 'taker']) expect([name, (await install(name)).status]).toEqual([name, 'completed'])
      const { status, error } = await install('door')
      expect([status, error.code]).toEqual(['failed', 'TIMEOUT'])
      expect(error.message).toMatch(/No address of the pool is free: make cluster\.ipAddressPool larger/)
      expect(error.details.hint).toContain('run it again')

      await setPool(80, 89)
      for (const name of ['metallb', 'door']) expect([name, (await install(name)).status]).toEqual([name, 'completed'])
      const { addresses } = (await world.rest('GET', `${home}/services/door/details`)).body.data
      expect(addresses).toEqual([expect.stringMatching(/\.8\d:80$/)])
    },
    limitMs,
  )

  when('webhook')(
    'because the webhook that checks its objects has not started is told what it waits for, and goes on by itself',
    async () => {
      const answers = (component: string) =>
        kubectl(world, [
          ...['patch', 'service', 'metallb-webhook-service', '-n', 'metallb-system', '--type=merge', '-p'],
          JSON.stringify({ spec: { selector: { component } } }),
        ])
      await answers('nobody')
      await setPool(80, 88)
      const { operation_id: id } = (await world.rest('POST', `${home}/services`, { name: 'metallb' })).body
      await vi.waitFor(
        async () =>
          expect(await logOf(id)).toContain('metallb-webhook-service, which checks such objects, has not started yet'),
        { timeout: 60_000, interval: 200 },
      )
      await answers('controller')
      const { status, error } = await world.ended(id)
      expect([status, error]).toEqual(['completed', undefined])
    },
    limitMs,
  )

  when('definition')(
    'because another resource definition has its names is told so in time; once that is gone it goes on',
    async () => {
      await kubectl(world, ['create', '-f', '-'], definition('lakes'))
      const ready =
        '{ kind: CustomResourceDefinition, name: ponds.example.com, condition: Established, timeoutSeconds: 8 }'
      ownService('ponds', ready, definition('ponds'))
      const { status, error } = await install('ponds')
      expect([status, error.code]).toEqual(['failed', 'TIMEOUT'])
      expect(error.message).toMatch(
        /CustomResourceDefinition ponds\.example\.com: not all names are accepted.*Its name is taken by another resource definition/,
      )
      await kubectl(world, ['delete', 'crd', 'lakes.example.com'])
      expect((await install('ponds')).status).toBe('completed')
    },
    limitMs,
  )
})
