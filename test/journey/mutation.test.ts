import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { fetchGhost } from '../../lab/demo/proof.ts'
import { pick, printSeed, randoms } from '../depth.ts'
import { root } from '../world.ts'
import { type Mutation, mutations } from './support/mutations.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'

const limitMs = pick({ quick: 300_000, ci: 600_000, full: 600_000 })

/** The two that are quick to see, chosen by the seed among the early ones; all of them otherwise. */
const chosen = (() => {
  const early = mutations.slice(0, 3)
  const skipped = Math.floor(randoms('mutation')() * early.length)
  return pick({ quick: early.filter((_, index) => index !== skipped), ci: mutations, full: mutations })
})()

let world: Rehearsal
beforeAll(async () => {
  printSeed('mutation')
  world = await startRehearsal()
  const kept = new Set(chosen.map(({ command }) => command))
  const last = journey.findIndex((args) => args.join(' ').startsWith(chosen.at(-1)!.command))
  for (const [index, args] of journey.entries()) {
    const starts = [...kept].find((command) => args.join(' ').startsWith(command))
    if (starts) {
      await world.cut()
      world.keep(starts)
      if (index === last) return
      await world.boot()
    }
    const { code, output } = await wildCli(root, world, args)
    expect([args.join(' '), code, code ? output : '']).toEqual([args.join(' '), 0, ''])
  }
}, limitMs)
afterAll(() => world?.remove(), limitMs)

/** Walks what is left of the journey up to its proof; the first thing that fails, or nothing. */
async function firstFailure({ command, first }: Mutation): Promise<string | undefined> {
  const start = journey.findIndex((args) => args.join(' ').startsWith(command))
  for (const args of [...(first ? [first] : []), ...journey.slice(start)]) {
    const { code } = await wildCli(root, world, args)
    if (code !== 0) return `wild-cli ${args.join(' ')} ends with ${code}`
  }
  try {
    await fetchGhost(world)
    return undefined
  } catch (error) {
    return `the proof says: ${(error as Error).message.split('\n')[0]}`
  }
}

describe('the journey', () => {
  for (const mutation of chosen) {
    it(
      `fails when the step ${mutation.breaks} of ${mutation.type} does nothing`,
      async () => {
        await world.cut()
        world.putBack(mutation.command)
        await world.boot({ breaks: mutation.breaks })
        const started = performance.now()
        const failure = await firstFailure(mutation)
        const seconds = Math.round((performance.now() - started) / 1_000)
        process.stdout.write(`${mutation.type} without ${mutation.breaks}: ${failure} (${seconds} s)\n`)
        expect(failure).toBeDefined()
      },
      limitMs,
    )
  }
})
