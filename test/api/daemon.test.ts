import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'

const started: { stop(): Promise<unknown> }[] = []
async function aDaemon(options: Parameters<typeof startDaemon>[0] = {}) {
  const daemon = await startDaemon(options)
  started.push(daemon)
  return daemon
}
afterEach(async () => {
  for (const daemon of started.splice(0)) await daemon.stop()
})

describe('starting', () => {
  it('says in one line which port is taken, and exits 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const daemon = await aDaemon({ env: { WILD_PORT: String(port) } })
    other.close()
    expect(daemon.said.trim()).toBe(
      `ERROR: Port ${port} on 127.0.0.1 is already in use. Stop what uses it, or set WILD_PORT to another one (0 takes a free one).`,
    )
    expect(daemon.child.exitCode).toBe(1)
  })

  it('says in one line that the data directory cannot be used, and exits 1', async () => {
    const folder = temporaryFolder('blocked')
    writeFileSync(join(folder.path, 'file'), '')
    const daemon = await aDaemon({ data: join(folder.path, 'file', 'data') })
    expect(daemon.said).toMatch(
      /^ERROR: The data directory .* cannot be written\. Set WILD_CENTRAL_DATA to one that can\.\n$/,
    )
    expect(daemon.child.exitCode).toBe(1)
    folder.remove()
  })

  it('refuses a data directory another daemon uses, and says who', async () => {
    const first = await aDaemon()
    const second = await aDaemon({ data: first.data })
    expect(second.said).toContain(
      `Another daemon (pid ${first.child.pid}, ${first.url}) already uses this data directory.`,
    )
    expect(second.child.exitCode).toBe(1)
    expect((await first.rest('GET', '/health')).status).toBe(200)
  })
})

describe('tools', () => {
  it('that are missing are named by status with how to get them, while everything else works', async () => {
    const daemon = await aDaemon()
    const { data } = (await daemon.rest('GET', '/status')).body
    expect(data).toMatchObject({ daemon: 'running', instances: 0 })
    expect(data.tools[0]).toMatchObject({ name: 'talosctl', problem: expect.stringContaining('Download talosctl') })
    expect((await daemon.rest('GET', '/health')).body.data.status).toBe('degraded')
    expect((await daemon.rest('POST', '/instances', { name: 'home' })).status).toBe(201)
  })

  it('that are missing fail an operation at its first step, saying which', async () => {
    const daemon = await aDaemon()
    await daemon.rest('POST', '/instances', { name: 'home' })
    const { status, body } = await daemon.rest('POST', '/instances/home/nodes/discover', {})
    expect(status).toBe(202)
    const operation = await daemon.ended(body.operation_id)
    expect([operation.status, operation.error.code, operation.steps[0].state]).toEqual([
      'failed',
      'TOOL_MISSING',
      'failed',
    ])
    expect(operation.error.message).toContain('talosctl is not installed on this device.')
  })

  it('that do not work are told by name', async () => {
    const folder = temporaryFolder('bin')
    mkdirSync(folder.path, { recursive: true })
    writeFileSync(join(folder.path, 'talosctl'), '#!/bin/sh\necho broken >&2\nexit 3\n')
    chmodSync(join(folder.path, 'talosctl'), 0o755)
    const daemon = await aDaemon({ bin: folder.path })
    const { data } = (await daemon.rest('GET', '/status')).body
    expect(data.tools[0].problem).toContain('talosctl is there but does not work')
    folder.remove()
  })
})

describe('the guard', () => {
  it('refuses strange host names and pages of other sites, also on the WebSocket', async () => {
    const daemon = await aDaemon()
    const strange = await rawGet(daemon.url, { host: 'evil.example' })
    expect(strange.status).toBe(403)
    expect(strange.text).toContain('WILD_HOSTS')
    const page = await daemon.rest('POST', '/instances', { name: 'home' }, { origin: 'https://evil.example' })
    expect([page.status, page.body.error.code]).toEqual([403, 'FORBIDDEN'])
    expect((await daemon.rest('POST', '/instances', { name: 'home' }, { origin: daemon.url })).status).toBe(201)
  })

  it('answers 404 in JSON for endpoints that do not exist', async () => {
    const daemon = await aDaemon()
    const { status, body } = await daemon.rest('GET', '/nope')
    expect([status, body.error.code]).toEqual([404, 'NOT_FOUND'])
  })
})

describe('stopping', () => {
  it('ends on SIGTERM with exit code 0, subscriptions closed', async () => {
    const daemon = await startDaemon()
    const client = daemon.socket()
    const changes = client.iterate({ query: 'subscription { instanceChanges { part } }' })
    const next = changes.next()
    await client.iterate({ query: '{ health { status } }' }).next()
    const [code, last] = await Promise.all([
      daemon.stop('SIGTERM'),
      next.catch((error: unknown) => ({ done: true, error })),
    ])
    expect(code).toBe(0)
    expect(last.done).toBe(true)
    await client.dispose()
  })
})

/** fetch does not let a Host header through. */
function rawGet(url: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/v1/health`, { headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })
}
