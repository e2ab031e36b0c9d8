import { request } from 'node:http'
import { isGroup, type Step, type StepItem } from '../../../server/src/operations/define.ts'
import { flatten, type RunnerHost, runList as run } from '../../../server/src/operations/runner.ts'

/**
 * Stands before the daemon's own runner in the bundle that tests start. `WILD_TEST_KILL_AT` (a fraction of the list of
 * steps, 0 ≤ x < 1) ends the daemon like a power cut right when that step begins; `WILD_TEST_CUT_AT` (the same) takes the
 * machine `WILD_TEST_CUT_MACHINE` of the lab off the network then; `WILD_TEST_BREAK` names a step whose `run` then does
 * nothing.
 */
const killAt = process.env.WILD_TEST_KILL_AT
const cutAt = process.env.WILD_TEST_CUT_AT
const cutMachine = Number(process.env.WILD_TEST_CUT_MACHINE)
const broken = process.env.WILD_TEST_BREAK

export { flatten, type RunnerHost }

function leaves(items: StepItem[]): Step[] {
  return items.flatMap((item) => (isGroup(item) ? leaves(item.steps) : [item]))
}

function changeEach(items: StepItem[], change: (step: Step, id: string) => Step, parent = ''): StepItem[] {
  return items.map((item) => {
    const id = `${parent}${item.name}`
    return isGroup(item) ? { ...item, steps: changeEach(item.steps, change, `${id}/`) } : change(item, id)
  })
}

/** Dies at once, as by `kill -9`; what comes after never runs. */
function powerCut(step: Step): Promise<void> {
  process.stderr.write(`power cut at ${step.name}\n`)
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}

let isCut = false

/** Pulls the cable of a machine, once in the life of a daemon; the lab has done it when this resolves. */
function cutOff(machine: number): Promise<void> {
  if (isCut) return Promise.resolve()
  isCut = true
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: process.env.WILD_LAB_SOCKET, path: '/faults', method: 'POST' }, (response) => {
      response.resume().once('end', resolve)
    })
    call.once('error', reject)
    call.end(JSON.stringify({ kind: 'unreachable', machine }))
  })
}

/** The list, in which something happens right before the step at a fraction of it begins. */
function disturbAt(steps: StepItem[], fraction: string, disturb: (step: Step) => Promise<void>): StepItem[] {
  const all = leaves(steps)
  const victim = all[Math.floor(Number(fraction) * all.length)]
  const disturbed = (step: Step): Step => ({
    ...step,
    async needs(ctx) {
      await disturb(step)
      await step.needs?.(ctx)
    },
  })
  return changeEach(steps, (step) => (step === victim ? disturbed(step) : step))
}

/** The daemon's runner, with the fault that was ordered. */
export function runList(...[host, list, ...rest]: Parameters<typeof run>): Promise<void> {
  let steps = list.steps
  if (killAt) steps = disturbAt(steps, killAt, powerCut)
  if (cutAt) steps = disturbAt(steps, cutAt, () => cutOff(cutMachine))
  if (broken) steps = changeEach(steps, (step, id) => (id === broken ? { ...step, run: async () => undefined } : step))
  return run(host, { ...list, steps }, ...rest)
}
