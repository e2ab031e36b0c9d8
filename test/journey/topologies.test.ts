import { describe, expect, it } from 'vitest'
import { pick } from '../depth.ts'
import { startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 600_000
const few = [
  [1, 1],
  [3, 1],
]
const some = [...few, [1, 0], [5, 0], [3, 4]]
const many = [1, 3, 5].flatMap((planes) => [0, 1, 2, 5, 10].map((workers) => [planes, workers]))

const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`)

describe('a cluster', () => {
  it.each(pick({ quick: few, ci: some, full: many }))(
    'of %i control planes and %i workers comes up healthy, with every node in it, and again does nothing',
    async (planes, workers) => {
      const world = await startTestWorld({ speed: 60, machines: planes! + workers! })
      const cli = (...args: string[]) => succeed(world, ...args)
      try {
        const nodes = [...names('control', planes!), ...names('worker', workers!)]
        await walkUntil(world, 'cluster', ...nodes)
        const health = async () => (await world.rest('GET', '/instances/home/cluster/health')).body.data
        await expect
          .poll(async () => (await health()).checks.filter(({ status }: { status: string }) => status !== 'passing'), {
            timeout: 120_000,
            interval: 500,
          })
          .toEqual([])
        const { data } = (await world.rest('GET', '/instances/home/nodes')).body
        expect(data.nodes.map(({ name, status }: Record<string, string>) => `${name} ${status}`).sort()).toEqual(
          nodes.map((name) => `${name} ready`).sort(),
        )
        const status = (await world.rest('GET', '/instances/home/cluster/status')).body.data
        expect([status.status, status.control_plane_nodes, status.worker_nodes]).toEqual(['ready', planes, workers])
        expect(await cli('cluster', 'bootstrap')).toContain('already done')
      } finally {
        await world.remove()
      }
    },
    limitMs,
  )
})
