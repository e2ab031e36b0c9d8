import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { depth, pick, printSeed, randoms } from '../depth.ts'
import { endProcess, labCommands } from '../world.ts'
import { finalState, leftOver, writeTimes } from './support/final-state.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { begin, call, complete, completeAgain, leavesOf, type Stage, stages } from './support/stages.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = pick({ quick: 300_000, ci: 600_000, full: 600_000 })
const settleMs = 120_000
/** Its name among the others. */
const nameOf = ({ type, of }: Stage) => (of ? `${type}, ${of}` : type)
/** Of the stages that no other one needs. */
const apartAtQuick = 2
const nothing = { locks: [], running: [] }

/** One lab is left in peace, the other one has its daemon killed. */
let calm: Rehearsal
let disturbed: Rehearsal
beforeAll(async () => {
  printSeed('every-step')
  ;[calm, disturbed] = await Promise.all([startRehearsal(), startRehearsal()])
  await Promise.all([calm, disturbed].map((world) => walkUntil(world, 'settings')))
}, limitMs)
afterAll(() => Promise.all([calm, disturbed].map((world) => world?.remove())), limitMs)

const mutating = () => labCommands(calm.dataDirectory).filter(({ mutating: changes }) => changes)

async function expectRefused(stage: Stage): Promise<void> {
  const { path, refusedAgain } = stage
  const { status } = await call(calm, stage)
  expect([path, status]).toEqual([path, refusedAgain])
}

/** Runs it twice where nothing disturbs it; resolves with the number of its steps. */
async function freshAndAgain(stage: Stage): Promise<number> {
  const fresh = await complete(calm, stage)
  expect([fresh.status, fresh.error, fresh.type]).toEqual(['completed', undefined, stage.type])
  const commands = mutating().length
  const times = writeTimes(calm)
  const again = stage.refusedAgain ? undefined : await completeAgain(calm, stage, fresh.operation_id)
  if (again) expect([again.status, again.error]).toEqual(['completed', undefined])
  else await expectRefused(stage)
  expect(mutating().slice(commands)).toEqual([])
  expect(writeTimes(calm)).toEqual(times)
  // Discovery only looks; looking again is what it is for.
  const worked =
    stage.type === 'node.discover' || !again ? [] : leavesOf(again).filter(({ state }) => state !== 'skipped')
  expect(worked).toEqual([])
  expect(leftOver(calm)).toEqual(nothing)
  return leavesOf(fresh).length
}

/** Power cut when the step at this fraction of the list begins, then the same command again. */
async function killedAndRepeated(stage: Stage, killAt: number): Promise<string> {
  await disturbed.bootDaemon({ killAt })
  const died = once(disturbed.daemon, 'exit')
  // A daemon that dies at the first step may take its answer with it.
  const [asked] = await Promise.allSettled([begin(disturbed, stage)])
  if (asked.status === 'rejected' && asked.reason.cause?.code !== 'UND_ERR_SOCKET') throw asked.reason
  await died
  await disturbed.bootDaemon()
  const { operations } = (await disturbed.rest('GET', `/operations?type=${stage.type}&limit=1`)).body.data
  const record = (await disturbed.rest('GET', `/operations/${operations[0].operation_id}`)).body.data
  const step = leavesOf(record).find(({ state }) => state === 'failed')?.id
  expect([step, record.status, record.error.code]).toEqual([expect.any(String), 'failed', 'DAEMON_RESTARTED'])
  expect(leftOver(disturbed)).toEqual(nothing)
  const repeated = await completeAgain(disturbed, stage, record.operation_id)
  expect([step, repeated.status, repeated.error]).toEqual([step, 'completed', undefined])
  expect(leftOver(disturbed)).toEqual(nothing)
  return step
}

/** Both worlds come to rest at the same state. */
async function expectSameState(step: string): Promise<void> {
  const state = async (world: Rehearsal) => ({ 'killed at': step, ...(await finalState(world)) })
  await expect.poll(async () => state(disturbed), { timeout: settleMs, interval: 500 }).toEqual(await state(calm))
}

/** Indexes of the steps at which the daemon is killed: all of them, or a few that the seed spreads over the list. */
function chosenSteps(stage: Stage, steps: number): number[] {
  const { sample } = stage
  if (!sample || sample >= steps || depth() === 'full') return Array.from({ length: steps }, (_, index) => index)
  const random = randoms(nameOf(stage))
  return Array.from({ length: sample }, (_, index) => Math.floor(((index + random()) * steps) / sample))
}

/** Stages that stand apart take turns at depth `quick`, as the seed chooses. */
function walked(): Stage[] {
  if (depth() !== 'quick') return stages
  const random = randoms('stages')
  const drawn = stages.flatMap((stage) => (stage.apart ? [{ stage, at: random() }] : []))
  const chosen = drawn.sort((one, other) => one.at - other.at).slice(0, apartAtQuick)
  return stages.filter((stage) => !stage.apart || chosen.some((one) => one.stage === stage))
}

describe('every operation', () => {
  for (const stage of walked()) {
    it(
      `${nameOf(stage)} works, does nothing again, and repeated after a power cut ends where an undisturbed one does`,
      async () => {
        const started = performance.now()
        if (stage.before) await Promise.all([calm, disturbed].map(stage.before))
        const killed: string[] = []
        async function kill(at: number): Promise<void> {
          killed.push(await killedAndRepeated(stage, at))
        }
        if (depth() === 'quick') {
          await endProcess(disturbed.daemon, 'SIGKILL')
          await Promise.all([freshAndAgain(stage), kill(randoms(nameOf(stage))())])
          await expectSameState(killed[0]!)
        } else {
          await disturbed.cut()
          disturbed.keep(nameOf(stage))
          const steps = await freshAndAgain(stage)
          const chosen = chosenSteps(stage, steps)
          for (const step of chosen) {
            if (step !== chosen[0]) {
              await disturbed.cut()
              disturbed.putBack(nameOf(stage))
            }
            await disturbed.restartLab()
            await kill((step + 0.5) / steps)
            await expectSameState(killed.at(-1)!)
          }
          expect(new Set(killed).size).toBe(chosen.length)
        }
        if (stage.after) await Promise.all([calm, disturbed].map(stage.after))
        const seconds = Math.round((performance.now() - started) / 1_000)
        process.stdout.write(`${nameOf(stage)}: killed at ${killed.length} (${killed.join(', ')}), ${seconds} s\n`)
      },
      limitMs,
    )
  }
})
