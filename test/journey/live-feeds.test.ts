import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labDoor } from '../lab-door.ts'
import { startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 240_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let socket: ReturnType<Awaited<ReturnType<typeof startTestWorld>>['socket']>

const cli = (...args: string[]) => succeed(world, ...args)

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  socket = world.socket()
  await walkUntil(world, 'settings')
}, limitMs)
afterAll(async () => {
  await socket?.dispose()
  await world?.remove()
}, limitMs)

/** Reads a feed until a value fits; all values read. */
async function until<T>(query: string, fits: (value: T, all: T[]) => boolean, begin: () => unknown): Promise<T[]> {
  const all: T[] = []
  const feed = socket.iterate<Record<string, T>>({ query: `subscription { ${query} }` })
  const first = feed.next()
  await begin()
  for (let next = await first; !next.done; next = await feed.next()) {
    const [value] = Object.values(next.value.data ?? {})
    if (next.value.errors || value === undefined) throw new Error(JSON.stringify(next.value))
    all.push(value)
    if (fits(value, all)) break
  }
  await feed.return?.()
  return all
}

describe('what is followed live', () => {
  it(
    'machines appear one by one while discovery reads them',
    async () => {
      const machines = await until<{ mac: string }>(
        'discoveredMachine(instance: "home") { mac ip }',
        (_machine, all) => all.length === 3,
        () => cli('node', 'discover'),
      )
      expect(new Set(machines.map(({ mac }) => mac)).size).toBe(3)
    },
    limitMs,
  )

  it(
    'nodes and the cluster tell what they become, from the set-up to the loss of a machine',
    async () => {
      type Node = { name: string; status: string }
      const isReady = (nodes: Node[]) => nodes.length === 1 && nodes[0]!.status === 'ready'
      const seen = await until<Node[]>('nodes(instance: "home") { name status }', isReady, async () => {
        void cli('node', 'setup', 'control-1', '--yes').then(() => cli('cluster', 'bootstrap'))
      })
      const states = seen.flatMap((nodes) => nodes.map(({ status }) => status))
      expect(seen[0]).toEqual([])
      expect(states).toEqual(expect.arrayContaining(['applying', 'ready']))
      const query = 'cluster(instance: "home") { status controlPlaneNodes }'
      await until<{ status: string }>(
        query,
        ({ status }) => status === 'ready',
        () => undefined,
      )
      const lost = await until<{ status: string }>(
        query,
        ({ status }) => status === 'unreachable',
        async () => {
          await labDoor(world.dataDirectory).fault({ kind: 'unreachable', machine: 1 })
          await world.rest('GET', '/instances/home/cluster/health')
        },
      )
      expect(lost.at(-1)).toEqual({ status: 'unreachable', controlPlaneNodes: 1 })
    },
    limitMs,
  )
})
