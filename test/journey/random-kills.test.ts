import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { fetchGhost } from '../../lab/demo/proof.ts'
import { pick, printSeed, randoms } from '../depth.ts'
import { endProcess, root } from '../world.ts'
import { finalState, leftOver } from './support/final-state.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'

const total = pick({ quick: 3, ci: 15, full: 200 })
/** Kills in one walk through the journey; more walks make up the total. */
const perWalk = pick({ quick: 3, ci: 5, full: 10 })
const walks = total / perWalk
const limitMs = pick({ quick: 420_000, ci: 420_000, full: 600_000 })
const settleMs = 120_000

/** How long each command of the journey takes about, ms: moments are spread over it evenly. */
const usualMs = [300, 300, 300, 300, 300, 300, 1_500, 5_000, 5_000, 14_000, 500, 9_000]

interface Kill {
  /** Index of the command that is interrupted. */
  command: number
  /** So long after its start, ms. */
  after: number
}

/** Moments of one walk in order, from the seed alone. */
function momentsOf(walk: number): Kill[] {
  const random = randoms(`walk ${walk}`)
  const length = usualMs.reduce((sum, ms) => sum + ms, 0)
  const moments = Array.from({ length: perWalk }, () => random() * length).sort((a, b) => a - b)
  return moments.map((moment) => {
    let command = 0
    let after = moment
    while (after >= usualMs[command]!) after -= usualMs[command++]!
    return { command, after: Math.round(after) }
  })
}

/** Runs one command; the daemon is killed and started again at the moments given, and the command is run again after each. */
async function runThroughKills(world: Rehearsal, args: string[], kills: Kill[]): Promise<string[]> {
  const happened: string[] = []
  let passed = 0
  for (const { after } of kills) {
    const run = wildCli(root, world, args)
    await within(after - passed, run)
    passed = after
    await endProcess(world.daemon, 'SIGKILL')
    await world.restartDaemon()
    const { code } = await run
    happened.push(`${args.slice(0, 2).join(' ')} after ${after} ms: ${code}`)
    // An ended command is 0; an interrupted one says that the daemon went away, or what became of its operation.
    expect([args.join(' '), code]).toEqual([args.join(' '), expect.toBeOneOf([0, 4, 5, 6])])
    expect(leftOver(world)).toEqual({ locks: [], running: [] })
  }
  const { code, output } = await wildCli(root, world, args)
  const isThere = kills.length > 0 && args[0] === 'instance' && code === 4
  expect([args.join(' '), code, code && !isThere ? output : '']).toEqual([args.join(' '), isThere ? 4 : 0, ''])
  return happened
}

/** Resolves when the work has ended, and after `ms` at the latest. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const moment = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms))
  })
  await Promise.race([work, moment])
  clearTimeout(timer)
}

let calm: Rehearsal
let undisturbed: Promise<unknown>
beforeAll(async () => {
  printSeed('random-kills')
  calm = await startRehearsal()
  undisturbed = walk(calm, [])
  undisturbed.catch(() => undefined)
}, limitMs)
afterAll(async () => {
  await undisturbed?.catch(() => undefined)
  await calm?.remove()
}, limitMs)

async function walk(world: Rehearsal, kills: Kill[]): Promise<string[]> {
  const happened: string[] = []
  for (const [index, args] of journey.entries())
    happened.push(
      ...(await runThroughKills(
        world,
        args,
        kills.filter(({ command }) => command === index),
      )),
    )
  return happened
}

describe('a journey whose daemon is killed at random moments', () => {
  for (let number = 1; number <= walks; number++) {
    it(
      `ends where an undisturbed one does, walk ${number} with ${perWalk} kills`,
      async () => {
        const started = performance.now()
        const world = await startRehearsal()
        try {
          const happened = await walk(world, momentsOf(number))
          await undisturbed
          await expect
            .poll(() => finalState(world), { timeout: settleMs, interval: 500 })
            .toEqual(await finalState(calm))
          expect(leftOver(world)).toEqual({ locks: [], running: [] })
          expect(await fetchGhost(world)).toMatchObject({ host: 'ghost.cloud.example.com' })
          const seconds = Math.round((performance.now() - started) / 1_000)
          process.stdout.write(`walk ${number}: ${happened.length} kills (${happened.join('; ')}), ${seconds} s\n`)
        } finally {
          await world.remove()
        }
      },
      limitMs,
    )
  }
})
