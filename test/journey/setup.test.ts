import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labCommands, root } from '../world.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Rehearsal
beforeAll(async () => {
  world = await startRehearsal()
  await walkUntil(world, 'settings')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const cli = (...args: string[]) => wildCli(root, world, args)
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes)

describe('wild-cli setup', () => {
  it('lists the commands it would run, and runs none', async () => {
    const { code, output } = await cli('setup', '--plan', '--workers', '1', '--control-planes', '1')
    expect(code).toBe(0)
    for (const command of [
      'node discover',
      'node setup control-1 worker-1',
      'cluster bootstrap',
      'service install-all',
    ])
      expect(output).toContain(`$ wild-cli ${command}\n`)
    expect((await world.rest('GET', '/instances/home/nodes')).body.data.nodes).toEqual([])
  })

  it('stops at the first part that fails, with its exit code', async () => {
    const { code, output } = await cli('setup', '--control-planes', '9', '--yes')
    expect(code).toBe(4)
    expect(output).not.toContain('cluster bootstrap')
    expect(output).toMatch(/ERROR: .*machine/)
  })

  it(
    'walks from bare machines to a cluster, and finds everything done the second time',
    async () => {
      const walk = ['setup', '--control-planes', '1', '--workers', '1', '--skip-services', '--yes']
      const first = await cli(...walk)
      expect([first.code, first.output]).toEqual([0, expect.stringContaining('The cluster is bootstrapped.')])
      expect(first.output).toContain('=== Cluster ===')
      expect(first.output).not.toContain('=== Services ===')
      const commands = mutating().length
      const again = await cli('setup', '--skip-services', '--yes')
      expect(again.code).toBe(0)
      expect(mutating().slice(commands)).toEqual([])
      expect(again.output).toContain('$ wild-cli node setup control-1 worker-1')
    },
    limitMs,
  )
})
