import { NotYet, type Step, type StepContext } from '../../operations/define.ts'
import { saidBy, WildError } from '../../platform/errors.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import type { ReadyCheck } from '../catalog/index.ts'
import { refusalWords } from './cluster-trouble.ts'
import { plannedObjects } from './differences.ts'
import {
  checkReady,
  keyOf,
  lookup,
  probeOf,
  readiness,
  stateOf,
  type Unready,
  type Verdict,
  withHash,
  workloads,
} from './model.ts'
import { waitUntilReady } from './ready-wait.ts'

export interface ApplySet {
  name: string
  title: string
  /** Whose objects these are, for people: "Ghost". */
  of: string
  /** Namespace of checks and pods that name none. */
  namespace: string
  weight?: number
  kubectl(ctx: StepContext): Kubectl
  /** The objects as they should be. */
  objects(ctx: StepContext): Promise<KubeObject[]>
  ready: ReadyCheck[]
  /** Apply even what looks the same, and run Jobs again. */
  force?: boolean
  /** Objects, by "Kind namespace/name", to be applied although they carry the right hash: somebody changed them since. */
  alsoDiffering?(ctx: StepContext): Promise<string[]>
}

const settleAttempts = 90
/** How long objects may take to be ready when nothing is declared. */
const defaultSeconds = 300

/**
 * One step that makes a set of objects so: applied when any differs, Jobs of another hash and failed ones recreated, then
 * waited for. Done = every object is there with its hash, and ready (design section 4, fine print "Operations").
 */
export function applyStep(set: ApplySet): Step {
  const declared = set.ready.map(({ timeoutSeconds }) => timeoutSeconds)
  const seconds = declared.length ? Math.max(...declared) : defaultSeconds
  return {
    name: set.name,
    title: set.title,
    weight: set.weight ?? 2,
    timeoutMs: (seconds + 300) * 1_000,
    async done(ctx) {
      const wanted = await set.objects(ctx)
      if (wanted.length === 0) return 'nothing to apply'
      if (set.force) return false
      const { differing, waitingFor } = await lookClosely(set, ctx, wanted)
      return differing.length === 0 && waitingFor.length === 0
    },
    async plan(ctx) {
      const wanted = await set.objects(ctx)
      const { differing, jobs } = set.force
        ? await everything(set.kubectl(ctx), wanted)
        : await lookClosely(set, ctx, wanted)
      const again = new Set(jobs.map(keyOf))
      const words = (object: KubeObject) => (again.has(keyOf(object)) ? 'would be run again' : 'would be applied')
      return plannedObjects(set.kubectl(ctx), differing, words)
    },
    async run(ctx) {
      const wanted = await set.objects(ctx)
      const kubectl = set.kubectl(ctx)
      const { differing, jobs } = set.force ? await everything(kubectl, wanted) : await lookClosely(set, ctx, wanted)
      for (const { metadata } of jobs) await kubectl.delete('job', metadata.name, metadata.namespace ?? set.namespace)
      if (differing.length) await applyWhenAccepted(ctx, kubectl, wanted.map(withHash))
      await waitUntilReady(ctx, {
        of: set.of,
        seconds,
        kubectl,
        namespaces: namespacesOf(set, wanted),
        look: async () => (await look(set, ctx, wanted, { repeated: true })).waitingFor,
      })
    },
  }
}

function namespacesOf(set: ApplySet, wanted: KubeObject[]): string[] {
  const named = wanted.flatMap(({ metadata }) => (metadata.namespace ? [metadata.namespace] : []))
  return [...new Set(named.length ? named : [set.namespace])]
}

interface Look {
  /** Absent, different, or a Job that failed. */
  differing: KubeObject[]
  /** Jobs among them that are there and must go first. */
  jobs: KubeObject[]
  waitingFor: Unready[]
}

async function look(
  set: ApplySet,
  ctx: StepContext,
  wanted: KubeObject[],
  options: { repeated?: boolean } = {},
): Promise<Look> {
  const checks = set.ready.map((check) => ({ check, probe: probeOf(check, set.namespace) }))
  const probes = checks
    .map(({ probe }) => probe)
    .filter((probe) => !wanted.some((object) => keyOf(object) === keyOf(probe)))
  const find = lookup(await set.kubectl(ctx).getLive([...wanted, ...probes], options))
  const differing = wanted.filter((object) => {
    const live = find(object)
    return stateOf(object, live) !== 'same' || (object.kind === 'Job' && readiness(live!).failed)
  })
  const verdicts = new Map<string, Verdict>()
  for (const object of wanted.filter(isWaitedFor)) verdicts.set(keyOf(object), verdictOf(find(object)))
  for (const { check, probe } of checks) {
    const verdict = withRemedy(check, checkReady(check, find(probe)))
    if ((verdicts.get(keyOf(probe))?.ready ?? true) || check.remedy) verdicts.set(keyOf(probe), verdict)
  }
  return {
    differing,
    jobs: differing.filter((object) => object.kind === 'Job' && find(object)),
    waitingFor: [...verdicts].filter(([, { ready }]) => !ready).map(([what, verdict]) => ({ what, ...verdict })),
  }
}

/** What the catalog knows to do about it, behind the reason. */
function withRemedy({ remedy }: ReadyCheck, verdict: Verdict): Verdict {
  return remedy && !verdict.ready ? { ...verdict, reason: `${verdict.reason}. ${remedy}` } : verdict
}

/** Like `look`, with what was changed since it was applied. */
async function lookClosely(set: ApplySet, ctx: StepContext, wanted: KubeObject[]): Promise<Look> {
  const seen = await look(set, ctx, wanted)
  const changed = new Set((await set.alsoDiffering?.(ctx)) ?? [])
  return {
    ...seen,
    differing: wanted.filter((object) => seen.differing.includes(object) || changed.has(keyOf(object))),
  }
}

function isWaitedFor({ kind }: KubeObject): boolean {
  return workloads.has(kind) || kind === 'Job' || kind === 'CustomResourceDefinition'
}

function verdictOf(live: KubeObject | undefined): Verdict {
  return live ? readiness(live) : { ready: false, reason: 'not there yet' }
}

async function everything(kubectl: Kubectl, wanted: KubeObject[]): Promise<Look> {
  const jobs = await kubectl.getLive(wanted.filter(({ kind }) => kind === 'Job'))
  return { differing: wanted, jobs, waitingFor: [] }
}

/** Trouble that passes once something just installed has started: its webhook, its resource definitions, its namespace. */
const settling =
  /failed calling webhook|no endpoints available for service|ensure CRDs are installed first|no matches for kind|namespaces ".*" not found|connection refused|Internal error occurred/i

/** Applies, and again while a webhook or definition that was installed a moment ago is not up yet. */
async function applyWhenAccepted(ctx: StepContext, kubectl: Kubectl, objects: KubeObject[]): Promise<void> {
  await ctx.waitFor({
    what: 'the cluster to accept it',
    attempts: settleAttempts,
    intervalMs: 1_000,
    async look() {
      try {
        await kubectl.apply(objects)
      } catch (error) {
        if (error instanceof WildError && error.code === 'TOOL_FAILED' && settling.test(saidBy(error)))
          throw new NotYet(refusalWords(saidBy(error)))
        throw error
      }
    },
  })
}
