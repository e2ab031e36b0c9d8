import { exists } from '../../platform/atomic-file.ts'
import { asWildError } from '../../platform/errors.ts'
import type { InstancePaths } from '../../platform/paths.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { singleFlight } from '../../platform/single-flight.ts'
import { createKubectl, type KubeObject } from '../../tools/kubectl.ts'
import type { ReadyCheck } from '../catalog/index.ts'
import { checkReady, keyOf, probeOf, workloads } from './model.ts'
import { lastingPods, type Pod } from './pods.ts'
import { type StuckJob, stuckJobs } from './stuck-jobs.ts'

/** What runs in a cluster, read once for everybody who asks within two seconds. */
export interface Live {
  /** `absent`: no cluster yet; `silent`: there is one but it does not answer. */
  cluster: 'absent' | 'silent' | 'answers'
  /** Why it is silent, for people. */
  why?: string
  byKey: Map<string, KubeObject>
  pods: Pod[]
  stuck: StuckJob[]
}

const nothing = { byKey: new Map<string, KubeObject>(), pods: [], stuck: [] }

const kinds = 'deployments,statefulsets,daemonsets,jobs,pods,storageclasses'
/** ConfigMaps that say of something without workloads of its own that it is installed. */
const statusLabel = 'wild-central.io/status=true'
/** Kinds that say how something is doing. */
const telling = new Set([...workloads, 'StorageClass', 'ConfigMap'])
const keepMs = 1_500

/** Reads the workloads of a cluster. Never throws: a dead cluster is an answer. */
export function readLive(run: RunTool, { kubeconfig, home }: InstancePaths): Promise<Live> {
  return singleFlight(`live ${kubeconfig}`, keepMs, async () => {
    if (!(await exists(kubeconfig))) return { cluster: 'absent', ...nothing }
    const kubectl = createKubectl(run, { kubeconfig, home })
    try {
      const [workloadsAndPods, marks] = await Promise.all([
        kubectl.get(kinds, { allNamespaces: true }),
        kubectl.get('configmaps', { allNamespaces: true, selector: statusLabel }),
      ])
      const objects = [...workloadsAndPods, ...marks]
      return {
        cluster: 'answers',
        byKey: new Map(objects.map((object) => [keyOf(object), object])),
        pods: lastingPods(objects.filter(({ kind }) => kind === 'Pod')),
        stuck: stuckJobs(objects),
      }
    } catch (error) {
      const { code, message } = asWildError(error)
      const why = code === 'TOOL_MISSING' ? message : 'The cluster does not answer.'
      return { cluster: 'silent', why, ...nothing }
    }
  })
}

/** The pods of the workloads among these checks. */
export function podsOf(checks: ReadyCheck[], namespace: string, live: Live): Pod[] {
  const sets = checks
    .filter(({ kind }) => workloads.has(kind))
    .flatMap((check) => live.byKey.get(keyOf(probeOf(check, namespace))) ?? [])
  const labels = (set: KubeObject) => Object.entries((set.spec?.selector?.matchLabels ?? {}) as Record<string, string>)
  return live.pods.filter((pod) =>
    sets.some(
      (set) =>
        set.metadata.namespace === pod.namespace && labels(set).every(([name, value]) => pod.labels[name] === value),
    ),
  )
}

/** Words of services and apps (fine print "Words"). */
export const runStatuses = [
  'not_installed',
  'configured',
  'deploying',
  'running',
  'degraded',
  'failed',
  'removing',
] as const
export type RunStatus = (typeof runStatuses)[number]

/**
 * How something that is judged by these checks is doing; only kinds that run pods, or that show that it is there, count here. `failed`: nothing of it
 * runs, and a pod or a Job that comes before it says why; `degraded`: part of it runs, or nobody can tell. While an operation works on it, it is
 * `deploying` until it runs, or `removing` until it is gone.
 */
export function judge(
  checks: ReadyCheck[],
  namespace: string,
  live: Live,
  options: { configured: boolean; busy: boolean; leaving?: boolean },
): { status: RunStatus; trouble?: string } {
  const { status, trouble } = judgeIdle(checks, namespace, live, options.configured)
  if (options.leaving) return { status: 'removing' }
  if (options.busy && status !== 'running') return { status: 'deploying' }
  return trouble ? { status, trouble } : { status }
}

function judgeIdle(
  checks: ReadyCheck[],
  namespace: string,
  live: Live,
  configured: boolean,
): { status: RunStatus; trouble?: string } {
  const idle = configured ? 'configured' : 'not_installed'
  if (live.cluster === 'absent') return { status: idle }
  if (live.cluster === 'silent')
    return configured ? { status: 'degraded', trouble: live.why ?? 'The cluster does not answer.' } : { status: idle }
  if (checks.length === 0) return { status: configured ? 'running' : idle }
  const looked = checks
    .filter(({ kind }) => telling.has(kind))
    .map((check) => ({ check, found: live.byKey.get(keyOf(probeOf(check, namespace))) }))
  // Where a mark says so, nothing else does: workloads may be there before, as Talos' own DNS is.
  const marks = looked.filter(({ check }) => check.kind === 'ConfigMap')
  if ((marks.length ? marks : looked).every(({ found }) => !found)) {
    const places = [namespace, ...checks.map((check) => check.namespace)]
    const stuck = configured ? live.stuck.find((job) => places.includes(job.namespace)) : undefined
    return stuck ? { status: 'failed', trouble: stuck.trouble } : { status: idle }
  }
  const wrong = looked
    .map(({ check, found }) => ({ check, verdict: checkReady(check, found) }))
    .find(({ verdict }) => !verdict.ready)
  if (!wrong) return { status: 'running' }
  const pods = live.pods.filter((pod) => pod.namespace === (wrong.check.namespace ?? namespace))
  const said = pods.find(({ trouble }) => trouble)?.trouble
  return {
    status: said && !pods.some(({ ready }) => ready) ? 'failed' : 'degraded',
    trouble: said ?? `${wrong.check.kind} ${wrong.check.name}: ${wrong.verdict.reason}.`,
  }
}
