import { exists } from '../../platform/atomic-file.ts'
import type { InstancePaths } from '../../platform/paths.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { singleFlight } from '../../platform/single-flight.ts'
import { createKubectl, type KubeObject } from '../../tools/kubectl.ts'
import type { ReadyCheck } from '../catalog/index.ts'
import { checkReady, keyOf, probeOf } from './model.ts'
import { lastingPods, type Pod } from './pods.ts'

/** What runs in a cluster, read once for everybody who asks within two seconds. */
export interface Live {
  /** `absent`: no cluster yet; `silent`: there is one but it does not answer. */
  cluster: 'absent' | 'silent' | 'answers'
  byKey: Map<string, KubeObject>
  pods: Pod[]
}

const kinds = ['deployments', 'statefulsets', 'daemonsets', 'pods']
const keepMs = 1_500

/** Reads the workloads of a cluster. Never throws: a dead cluster is an answer. */
export function readLive(run: RunTool, { kubeconfig, home }: InstancePaths): Promise<Live> {
  return singleFlight(`live ${kubeconfig}`, keepMs, async () => {
    if (!(await exists(kubeconfig))) return { cluster: 'absent', byKey: new Map(), pods: [] }
    const kubectl = createKubectl(run, { kubeconfig, home })
    try {
      const lists = await Promise.all(kinds.map((kind) => kubectl.get(kind, { allNamespaces: true })))
      return {
        cluster: 'answers',
        byKey: new Map(lists.flat().map((object) => [keyOf(object), object])),
        pods: lastingPods(lists.at(-1)!),
      }
    } catch {
      return { cluster: 'silent', byKey: new Map(), pods: [] }
    }
  })
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

/** How something that is judged by these checks is doing. Only kinds that run pods count here. */
export function judge(
  checks: ReadyCheck[],
  namespace: string,
  live: Live,
  options: { configured: boolean; busy: boolean },
): { status: RunStatus; trouble?: string } {
  const idle = options.configured ? 'configured' : 'not_installed'
  if (options.busy) return { status: 'deploying' }
  if (live.cluster === 'absent') return { status: idle }
  if (live.cluster === 'silent')
    return options.configured ? { status: 'degraded', trouble: 'The cluster does not answer.' } : { status: idle }
  const verdicts = checks
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
    .map((check) => ({ check, found: live.byKey.get(keyOf(probeOf(check, namespace))) }))
  if (verdicts.every(({ found }) => !found)) return { status: idle }
  const wrong = verdicts
    .map(({ check, found }) => ({ check, verdict: checkReady(check, found) }))
    .find(({ verdict }) => !verdict.ready)
  if (!wrong) return { status: 'running' }
  const pod = live.pods.find(
    (candidate) => candidate.namespace === (wrong.check.namespace ?? namespace) && candidate.trouble,
  )
  return {
    status: 'degraded',
    trouble: pod?.trouble ?? `${wrong.check.kind} ${wrong.check.name}: ${wrong.verdict.reason}.`,
  }
}
