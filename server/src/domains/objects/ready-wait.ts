import { NotYet, type StepContext } from '../../operations/define.ts'
import { WildError } from '../../platform/errors.ts'
import type { Kubectl } from '../../tools/kubectl.ts'
import { clusterTrouble, troubledFrom } from './cluster-trouble.ts'
import type { Unready } from './model.ts'
import { type PodTrouble, troubledPods } from './pods.ts'

export interface ReadyWait {
  /** Whose objects these are, for people. */
  of: string
  seconds: number
  kubectl: Kubectl
  /** Where its pods are. */
  namespaces: string[]
  /** What is not ready now. */
  look(): Promise<Unready[]>
}

const lookMs = 1_000
/** Pods are asked after each time this many looks found something not ready. */
const podsEvery = 5
/** A control plane that changes over is silent for a moment; after this long it counts as gone. */
const longestSilenceMs = 60_000
const logLines = 10
/** A registry may be wrong once; said this often in a row, the image is not there. */
const hopelessLooks = 3

/**
 * Waits until nothing is unready. What is waited for, and what pods say is wrong, is told whenever it changes. Throws
 * OPERATION_FAILED for what will not become ready by itself, TIMEOUT after `seconds`, both with the pods' trouble.
 */
export async function waitUntilReady(ctx: StepContext, wait: ReadyWait): Promise<void> {
  const started = ctx.clock.now()
  let most = 0
  let looks = 0
  let trouble = ''
  let hopeless = 0
  let answered = started

  async function unready(): Promise<Unready[]> {
    try {
      const found = await wait.look()
      answered = ctx.clock.now()
      return found
    } catch (error) {
      const silent = error instanceof WildError && error.code === 'CLUSTER_UNREACHABLE'
      if (!silent || ctx.clock.now() - answered > longestSilenceMs) throw error
      throw new NotYet('the cluster does not answer')
    }
  }

  await ctx.waitFor({
    what: `${wait.of} to be ready`,
    attempts: wait.seconds + 2,
    intervalMs: lookMs,
    async look() {
      const waitingFor = await unready()
      most = Math.max(most, waitingFor.length)
      if (most) ctx.progress(1 - waitingFor.length / most)
      const [first] = waitingFor
      if (!first) return
      const failed = waitingFor.find((item) => item.failed)
      const late = ctx.clock.now() - started >= wait.seconds * 1_000
      if (failed || late || looks++ % podsEvery === podsEvery - 1) {
        const told = await troubleOf(ctx, wait, waitingFor, failed || late)
        trouble = told.text
        hopeless = told.hopeless ? hopeless + 1 : 0
      }
      if (failed)
        throw new WildError('OPERATION_FAILED', `${failed.what}: ${failed.reason}.${trouble}`, {
          hint: 'Mend the cause, then run it again: what failed is started anew.',
        })
      if (hopeless >= hopelessLooks)
        throw new WildError('OPERATION_FAILED', `${wait.of} cannot start.${trouble}`, {
          hint: 'Mend the image name or the connection, then run it again.',
        })
      const more = waitingFor.length > 1 ? ` (and ${waitingFor.length - 1} more)` : ''
      const reason = `${first.what}: ${first.reason}${more}${trouble ? `.${trouble.replace(/\.$/, '')}` : ''}`
      if (late) throw tooLate(wait, reason)
      throw new NotYet(reason)
    },
  })
}

function tooLate({ of, seconds }: ReadyWait, reason: string): WildError {
  return new WildError('TIMEOUT', `${of} was not ready after ${seconds} s: ${reason}.`, {
    hint: 'Mend the cause, then run it again: what is done is skipped.',
  })
}

/** What pods, events and conditions say is wrong, in plain words and a leading space; empty when nothing is known. */
async function troubleOf(ctx: StepContext, wait: ReadyWait, waitingFor: Unready[], loudly: unknown) {
  const said = await clusterTrouble(
    wait.kubectl,
    waitingFor.map(({ what }) => troubledFrom(what)),
  )
  const { text, hopeless } = await podTrouble(ctx, wait, loudly)
  return { text: [text, ...said.map((each) => ` ${each}`)].join(''), hopeless }
}

/** What the pods say is wrong, in plain words and a leading space; empty when nothing is known. `loudly` also shows the end of their logs. */
async function podTrouble(
  ctx: StepContext,
  wait: ReadyWait,
  loudly: unknown,
): Promise<{ text: string; hopeless: boolean }> {
  const found: PodTrouble[] = []
  for (const namespace of wait.namespaces)
    found.push(...troubledPods(await wait.kubectl.get('pods', { namespace, repeated: true }).catch(() => [])))
  let full = ''
  if (loudly)
    for (const pod of found.filter(({ ended }) => ended).slice(0, 1))
      if (noSpace.test(await showLog(ctx, wait, pod))) full = ` ${fullWords}`
  if (found.length === 0) return { text: '', hopeless: false }
  const text = ` ${[...new Set(found.map(({ trouble }) => trouble))].slice(0, 2).join(' ')}${full}`
  return { text, hopeless: found.some(({ hopeless }) => hopeless) }
}

/** What programs write when the disk they write to is full. */
const noSpace = /no space left on device|ENOSPC|disk (is )?full|could not extend file|quota exceeded/i
const fullWords = 'Its volume is full: delete what is not needed, or give it more space by an update of its settings.'

/** Puts the end of a pod's log into that of the operation, and answers it. */
async function showLog(ctx: StepContext, { kubectl }: ReadyWait, { name, namespace }: PodTrouble): Promise<string> {
  const log = await kubectl.logs(name, namespace, logLines).catch(() => '')
  const lines = log.split('\n').filter((line) => line.trim())
  if (lines.length === 0) return ''
  ctx.say(`The last lines of pod ${name}:`)
  for (const line of lines) ctx.say(`  ${line.slice(0, 500)}`)
  return log
}
