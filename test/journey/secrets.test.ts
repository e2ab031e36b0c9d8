import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { parseAllDocuments } from 'yaml'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { root, startTestWorld } from '../world.ts'

const limitMs = 180_000
const run = promisify(execFile)
let world: Awaited<ReturnType<typeof startTestWorld>>
let said = ''
let heard: ReturnType<typeof listenOnWebSocket>
const commandLines = new Set<string>()

beforeAll(async () => {
  world = await startTestWorld()
  const watching = watchCommandLines()
  heard = listenOnWebSocket()
  for (const args of [...journey, ['secret', 'get'], ['status'], ['app', 'show', 'ghost'], ['operation', 'list']]) {
    const { code, output } = await wildCli(root, world, [...args, '--verbose'])
    expect([args.join(' '), code, code ? output : '']).toEqual([args.join(' '), 0, ''])
    said += output
  }
  await watching.stop()
}, limitMs)
afterAll(() => {
  heard?.close()
  return world?.remove()
}, limitMs)

/** Every byte a browser would get that follows all operations and all their lines. */
function listenOnWebSocket(): { bytes(): string; close(): void } {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const messages: string[] = []
  const followed = new Set<string>()
  let subscriptions = 0
  const subscribe = (query: string, variables = {}) =>
    socket.send(JSON.stringify({ id: `${++subscriptions}`, type: 'subscribe', payload: { query, variables } }))
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })))
  socket.on('message', (data) => {
    const text = String(data)
    messages.push(text)
    const { type, payload } = JSON.parse(text)
    if (type === 'connection_ack')
      subscribe(
        'subscription { operations { operationId title input message result warnings steps { message } error { message details } } }',
      )
    const id = payload?.data?.operations?.operationId
    if (!id || followed.has(id)) return
    followed.add(id)
    subscribe('subscription ($id: String!) { operationLog(id: $id) { message } }', { id })
  })
  return { bytes: () => messages.join('\n'), close: () => socket.terminate() }
}

/** Notes the arguments of every process there is, as anybody on this machine could, until it is stopped. */
function watchCommandLines(): { stop(): Promise<void> } {
  let on = true
  const look = async () => {
    while (on) {
      const { stdout } = await run('ps', ['-eo', 'args', '-ww'])
      for (const line of stdout.split('\n')) if (line.includes(world.dataDirectory)) commandLines.add(line)
      await delay(30)
    }
  }
  const looking = look()
  return {
    stop() {
      on = false
      return looking
    },
  }
}

const home = (...path: string[]) => join(world.dataDirectory, 'instances/home', ...path)

/** Keys of machine configurations whose values are what makes them secret. */
const secretKey = /^(key|token|secret|secretbox\w*|aescbc\w*|bootstraptoken|client-key-data|ca-key)$/i

/** Long text values of a tree; with `byKey`, only those under keys that hold secrets. */
function values(tree: unknown, byKey: boolean, secret = false): string[] {
  if (typeof tree === 'string') return tree.length >= 12 && (secret || !byKey) ? [tree] : []
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) => values(value, byKey, secretKey.test(key)))
}

function treesOf(file: string): unknown[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.2' }).map((document) => document.toJS())
}

/** Everything that must not be seen: the instance's secrets, the keys of the cluster and of its administrator. */
function secrets(): string[] {
  const generated = home('setup/cluster-nodes/generated')
  const withKeys = [...readdirSync(generated).map((name) => join(generated, name)), home('.kube/config')]
  const found = [
    ...treesOf(home('secrets.yaml')).flatMap((tree) => values(tree, false)),
    ...withKeys.flatMap((file) => treesOf(file).flatMap((tree) => values(tree, true))),
  ]
  const plain = [...new Set(found)].map((value) => value.trim())
  // A key travels as base64 too, and a secret as data of a Kubernetes Secret.
  return plain.flatMap((value) => [value, Buffer.from(value).toString('base64').replace(/=+$/, '')])
}

function seenIn(text: string): string[] {
  // A clipped start is enough to know which one it was, without printing it.
  return secrets()
    .filter((secret) => text.includes(secret))
    .map((secret) => `${secret.slice(0, 4)}… (${secret.length} characters)`)
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
}

describe('after the journey, no secret is', () => {
  it('missing from what is looked for', () => {
    expect(secrets().length).toBeGreaterThan(20)
  })

  it('in the log of the daemon, or anywhere in its database', () => {
    const places = [
      ...filesBelow(join(world.dataDirectory, 'logs')),
      ...['', '-wal', '-shm'].map((end) => join(world.dataDirectory, `wild-central.db${end}`)),
    ].filter(existsSync)
    expect(places.length).toBeGreaterThan(1)
    for (const file of places) expect([file, seenIn(readFileSync(file, 'latin1'))]).toEqual([file, []])
  })

  it('in what the command line printed, verbose as it was', () => {
    expect(said).toContain('EXEC:')
    expect(seenIn(said)).toEqual([])
  })

  it('in what a browser was told live', () => {
    expect(heard.bytes()).toContain('EXEC: talosctl')
    expect(heard.bytes()).toContain('EXEC: kubectl')
    expect(seenIn(heard.bytes())).toEqual([])
  })

  it('in the arguments of any command', () => {
    expect(seenIn(readFileSync(join(world.dataDirectory, 'lab/commands.log'), 'utf8'))).toEqual([])
    expect(commandLines.size).toBeGreaterThan(5)
    expect(seenIn([...commandLines].join('\n'))).toEqual([])
  })

  it('in what the API answers about operations, instances and configuration', async () => {
    const { operations } = (await world.rest('GET', '/operations')).body.data as {
      operations: { operation_id: string }[]
    }
    const paths = [
      ...operations.flatMap(({ operation_id: id }) => [
        `/operations/${id}`,
        `/operations/${id}/logs`,
        `/operations/${id}/script`,
      ]),
      ...['', '/config', '/config/yaml', '/secrets', '/nodes', '/machines', '/services', '/apps', '/apps/ghost'].map(
        (path) => `/instances/home${path}`,
      ),
      '/status',
    ]
    for (const path of paths) {
      const { status, text } = await world.rest('GET', path)
      expect([path, status, seenIn(text)]).toEqual([path, 200, []])
    }
  })

  it('readable by others on disk', () => {
    const open = filesBelow(world.dataDirectory)
      .filter((file) => !file.includes('/lab/') && (statSync(file).mode & 0o077) !== 0)
      .filter((file) => seenIn(readFileSync(file, 'latin1')).length > 0)
    expect(open).toEqual([])
  })
})
