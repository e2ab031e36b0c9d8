import { NotYet, type Step, type StepContext } from '../../operations/define.ts'
import { WildError } from '../../platform/errors.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import type { ReadyCheck } from '../catalog/index.ts'
import { checkReady, keyOf, lookup, probeOf, readiness, stateOf, withHash, workloads } from './model.ts'
import { readPod } from './pods.ts'

export interface ApplySet {
  name: string
  title: string
  /** Namespace of checks and pods that name none. */
  namespace: string
  weight?: number
  kubectl(ctx: StepContext): Kubectl
  /** The objects as they should be; built anew each time. */
  objects(ctx: StepContext): Promise<KubeObject[]>
  ready: ReadyCheck[]
  /** Apply even what looks the same, and run Jobs again. */
  force?: boolean
}

const lookMs = 1_000

/**
 * One step that makes a set of objects so: applied when any differs, Jobs of another hash recreated, then waited for.
 * Done = every object is there with its hash, and ready (design section 4, fine print "Operations").
 */
export function applyStep(set: ApplySet): Step {
  return {
    name: set.name,
    title: set.title,
    weight: set.weight ?? 2,
    timeoutMs: (totalSeconds(set) + 180) * 1_000,
    async done(ctx) {
      const wanted = await set.objects(ctx)
      if (wanted.length === 0) return 'nothing to apply'
      if (set.force) return false
      const found = await look(set, ctx, wanted, false)
      return found.differing.length === 0 && found.waitingFor.length === 0
    },
    async plan(ctx) {
      const { differing, jobs } = await look(set, ctx, await set.objects(ctx), false)
      const words = (object: KubeObject) => (jobs.includes(object) ? 'would be run again' : 'would be applied')
      return differing.map((object) => ({ kind: 'object' as const, text: `${keyOf(object)} ${words(object)}` }))
    },
    async run(ctx) {
      const wanted = await set.objects(ctx)
      const kubectl = set.kubectl(ctx)
      const { differing, jobs } = set.force ? await lookForced(set, ctx, wanted) : await look(set, ctx, wanted, false)
      for (const job of jobs) await kubectl.delete('job', job.metadata.name, job.metadata.namespace ?? set.namespace)
      if (differing.length) await applyWhenAccepted(ctx, kubectl, wanted.map(withHash))
      await waitUntilReady(set, ctx, wanted)
    },
  }
}

function totalSeconds({ ready }: ApplySet): number {
  return Math.max(300, ...ready.map(({ timeoutSeconds }) => timeoutSeconds))
}

interface Look {
  /** Absent or different. */
  differing: KubeObject[]
  /** Jobs that are there but must be recreated. */
  jobs: KubeObject[]
  /** Not ready, and why. */
  waitingFor: { what: string; reason: string }[]
}

async function look(set: ApplySet, ctx: StepContext, wanted: KubeObject[], repeated: boolean): Promise<Look> {
  const kubectl = set.kubectl(ctx)
  const probes = set.ready
    .map((check) => ({ check, probe: probeOf(check, set.namespace) }))
    .filter(({ probe }) => !wanted.some((object) => keyOf(object) === keyOf(probe)))
  const live = await kubectl.getLive([...wanted, ...probes.map(({ probe }) => probe)], { repeated })
  const find = lookup(live)
  const differing = wanted.filter((object) => stateOf(object, find(object)) !== 'same')
  const jobs = differing.filter((object) => object.kind === 'Job' && find(object))
  const checks = set.ready.map((check) => ({
    what: describe(check),
    verdict: checkReady(check, find(probeOf(check, set.namespace))),
  }))
  const own = wanted
    .filter(
      (object) => workloads.has(object.kind) || object.kind === 'Job' || object.kind === 'CustomResourceDefinition',
    )
    .map((object) => ({
      what: keyOf(object),
      verdict: find(object) ? readiness(find(object)!) : { ready: false, reason: 'not there yet' },
    }))
  const waitingFor = [...own, ...checks]
    .filter(({ verdict }) => !verdict.ready)
    .map(({ what, verdict }) => ({ what, reason: verdict.reason }))
  return { differing, jobs, waitingFor: unique(waitingFor) }
}

async function lookForced(set: ApplySet, ctx: StepContext, wanted: KubeObject[]): Promise<Look> {
  return {
    differing: wanted,
    jobs: await set.kubectl(ctx).getLive(wanted.filter(({ kind }) => kind === 'Job')),
    waitingFor: [],
  }
}

function unique(items: { what: string; reason: string }[]): { what: string; reason: string }[] {
  return [...new Map(items.map((item) => [item.what, item])).values()]
}

function describe({ kind, name, namespace }: ReadyCheck): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`
}

/** Trouble that passes once something just installed has started: its webhook, its resource definitions, its namespace. */
const settling =
  /failed calling webhook|no endpoints available for service|ensure CRDs are installed first|no matches for kind|namespaces ".*" not found|connection refused|Internal error occurred/i

/** Applies, and again while a webhook or definition that was installed a moment ago is not up yet. */
async function applyWhenAccepted(ctx: StepContext, kubectl: Kubectl, objects: KubeObject[]): Promise<void> {
  await ctx.waitFor({
    what: 'the cluster to accept it',
    attempts: 90,
    intervalMs: lookMs,
    async look() {
      try {
        await kubectl.apply(objects)
      } catch (error) {
        const said = `${(error as Error).message} ${String((error as WildError).details?.output ?? '')}`
        if (error instanceof WildError && error.code === 'TOOL_FAILED' && settling.test(said))
          throw new NotYet(firstLine(error.message))
        throw error
      }
    },
  })
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 300)
}

async function waitUntilReady(set: ApplySet, ctx: StepContext, wanted: KubeObject[]): Promise<void> {
  const seconds = totalSeconds(set)
  let most = 0
  try {
    await ctx.waitFor({
      what: set.title.toLowerCase(),
      attempts: Math.ceil((seconds * 1_000) / lookMs),
      intervalMs: lookMs,
      async look() {
        const { waitingFor } = await look(set, ctx, wanted, true)
        most = Math.max(most, waitingFor.length)
        if (most) ctx.progress(1 - waitingFor.length / most)
        const [first] = waitingFor
        if (!first) return
        if (first.reason.startsWith('it failed'))
          throw new WildError(
            'OPERATION_FAILED',
            `${first.what}: ${first.reason}.${await podTrouble(set, ctx, wanted)}`,
            {},
          )
        throw new NotYet(
          `${first.what}: ${first.reason}${waitingFor.length > 1 ? ` (and ${waitingFor.length - 1} more)` : ''}`,
        )
      },
    })
  } catch (error) {
    if (!(error instanceof WildError) || error.code !== 'TIMEOUT' || ctx.signal.aborted) throw error
    throw new WildError('TIMEOUT', `${error.message}${await podTrouble(set, ctx, wanted)}`, error.details, {
      cause: error,
    })
  }
}

/** What the pods say is wrong, in plain words; empty when nothing is known. */
async function podTrouble(set: ApplySet, ctx: StepContext, wanted: KubeObject[]): Promise<string> {
  const namespaces = new Set(wanted.flatMap(({ metadata }) => (metadata.namespace ? [metadata.namespace] : [])))
  const found: string[] = []
  for (const namespace of namespaces.size ? namespaces : [set.namespace]) {
    const pods = await set
      .kubectl(ctx)
      .get('pods', { namespace })
      .catch(() => [])
    found.push(...pods.map(readPod).flatMap(({ trouble }) => (trouble ? [trouble] : [])))
  }
  return found.length ? ` ${[...new Set(found)].slice(0, 3).join(' ')}` : ''
}
