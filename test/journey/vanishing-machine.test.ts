import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey } from '../../lab/demo/journey.ts'
import { pick, printSeed, randoms } from '../depth.ts'
import { labDoor } from '../lab-door.ts'
import { endProcess } from '../world.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { begin, complete, leavesOf, type Stage, type Told } from './support/stages.ts'
import { succeed } from './support/succeed.ts'

const limitMs = pick({ quick: 300_000, ci: 900_000, full: 900_000 })
/** Waits of ten minutes end in vain within half a minute. */
const haste = 80
/** At lesser depths only so many of the steps are walked, drawn by the seed. */
const most = pick({ quick: 1, ci: 3, full: Number.POSITIVE_INFINITY })
let world: Rehearsal
let lab: ReturnType<typeof labDoor>

/** One node is being set up, of which machine; the cluster is bootstrapped on machine 1. */
const walks: (Pick<Stage, 'path'> & { what: string; node: string; machine: number; steps: number })[] = [
  { what: 'the set-up of a control plane', path: '/nodes/control-1/setup', node: 'control-1', machine: 1, steps: 8 },
  { what: 'the bootstrap', path: '/cluster/bootstrap', node: 'control-1', machine: 1, steps: 6 },
  { what: 'the set-up of a node that joins', path: '/nodes/control-2/setup', node: 'control-2', machine: 2, steps: 8 },
]

beforeAll(async () => {
  printSeed('vanishing-machine')
  world = await startRehearsal()
  lab = labDoor(world.dataDirectory)
  for (const args of [...journey.slice(0, 7), ['node', 'assign', 'control-1', 'control-2']])
    await succeed(world, ...args)
}, limitMs)
afterAll(() => world?.remove(), limitMs)

/** Which steps of so many are walked. */
function chosen(what: string, steps: number): number[] {
  const random = randoms(what)
  const drawn = Array.from({ length: steps }, (_, step) => ({ step, at: random() }))
  return drawn
    .sort((one, other) => one.at - other.at)
    .slice(0, most)
    .map(({ step }) => step)
}

/** Everything on disk as it is, with both processes down. */
async function putDown(): Promise<void> {
  await Promise.all([endProcess(world.daemon, 'SIGTERM'), endProcess(world.lab, 'SIGTERM')])
}

describe.each(walks)('a machine that vanishes in $what', ({ what, path, node, machine, steps }) => {
  it(
    'at any step is named with what to do, nothing is held, and when it is back the same finishes',
    async () => {
      await putDown()
      world.keep(what)
      const ends: string[] = []
      for (const step of chosen(what, steps)) {
        world.putBack(what)
        await world.boot({ cutAt: (step + 0.5) / steps, cutMachine: machine, haste })
        const record: Told = await world.ended(await begin(world, { path }))
        expect([step, leavesOf(record).length]).toEqual([step, steps])
        const at = leavesOf(record).find(({ state }) => state === 'failed')?.name
        ends.push(`${step}: ${record.status} ${at ?? ''}`)
        // The last steps of a bootstrap find the rest of the cluster without its one machine, and may need nothing of it.
        if (record.status !== 'completed') {
          expect([step, record.error.message]).toEqual([step, expect.stringContaining(node)])
          expect([step, record.error.message]).toEqual([step, expect.stringMatching(/again|wild-cli |check |Look at/i)])
        }
        await lab.clearFaults()
        const again = await complete(world, { path })
        expect([step, again.status, again.error]).toEqual([step, 'completed', undefined])
        await putDown()
      }
      process.stdout.write(`${what}: ${ends.join('; ')}\n`)
      // The next walk goes on from one that nothing disturbed.
      world.putBack(what)
      await world.boot()
      expect((await complete(world, { path })).status).toBe('completed')
    },
    limitMs,
  )
})
