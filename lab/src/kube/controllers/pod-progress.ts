import type { NodeView } from '../cluster-view.ts'
import type { KubeObject } from '../objects.ts'
import type { ControllerContext } from './context.ts'
import {
  type ContainerRun,
  crashReason,
  ended,
  isContainerReady,
  isWorkDone,
  running,
  startContainer,
} from './pod-container.ts'

type Spec = KubeObject['spec']

export interface PodRun {
  context: ControllerContext
  pod: KubeObject
  node: KubeObject
  view: NodeView
}

const initialWorkLabMs = 1000
const jobWorkLabMs = 3000
const crashLabMs = 2000

/** Waits longer after each crash, then starts the container again. */
function afterCrash(run: ContainerRun): Spec {
  const { context, pod, container, last } = run
  const backOff = Math.min(10_000 * 2 ** Math.max(0, last.restartCount - 1), 300_000)
  if (context.moments.reached(pod, `restart-${container.name}`, backOff, String(last.restartCount))) {
    return { ...running(run), restartCount: last.restartCount }
  }
  const seconds = Math.round(backOff / 1000)
  const who = `container=${container.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`
  context.record(
    pod,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${container.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
    'kubelet',
  )
  return {
    ...last,
    state: { waiting: { reason: 'CrashLoopBackOff', message: `back-off ${seconds}s restarting failed ${who}` } },
  }
}

function crash(run: ContainerRun): Spec {
  const { pod, last } = run
  const over = ended(run, 1)
  if (pod.spec.restartPolicy === 'Never') return over
  const restartCount = (last?.restartCount ?? 0) + 1
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' }
  return { ...over, restartCount, lastState: over.state, state: { waiting } }
}

/** The next status of one container. */
function next(run: ContainerRun, workLabMs: number): Spec {
  const { context, pod, container, last, runsToEnd } = run
  const state = last?.state ?? {}
  if (state.terminated !== undefined) return last
  if (state.waiting?.reason === 'CrashLoopBackOff') return afterCrash(run)
  const current = state.running === undefined ? startContainer(run) : last
  if (current.state.running === undefined) return current
  const started = { ...run, last: current }
  if (crashReason(run) !== undefined) {
    const done = context.moments.reached(pod, `crash-${container.name}`, crashLabMs, String(current.restartCount))
    return done ? crash(started) : current
  }
  if (runsToEnd) return isWorkDone(started, workLabMs) ? ended(started, 0) : current
  return { ...current, ready: isContainerReady(started) }
}

const lastOf = (pod: KubeObject, field: string, name: string): Spec | undefined =>
  pod.status?.[field]?.find((status: Spec) => status.name === name)

/** Initial containers run one after another; `done` tells that the others may start. */
export function nextInitContainers(podRun: PodRun): { statuses: Spec[]; done: boolean } {
  const { pod } = podRun
  let done = true
  const statuses = (pod.spec.initContainers ?? []).map((container: Spec) => {
    const last = lastOf(pod, 'initContainerStatuses', container.name)
    const sidecar = container.restartPolicy === 'Always'
    const idle = {
      name: container.name,
      image: container.image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      lastState: {},
    }
    if (!done) return last ?? { ...idle, state: { waiting: { reason: 'PodInitializing' } } }
    const status = next({ ...podRun, container, last, runsToEnd: !sidecar }, initialWorkLabMs)
    done = sidecar ? status.ready : status.state.terminated?.exitCode === 0
    return status
  })
  return { statuses, done }
}

/** The containers of a pod that is initialized. */
export function nextContainers(podRun: PodRun): Spec[] {
  const { pod } = podRun
  const runsToEnd = pod.spec.restartPolicy !== 'Always'
  return pod.spec.containers.map((container: Spec) =>
    next({ ...podRun, container, last: lastOf(pod, 'containerStatuses', container.name), runsToEnd }, jobWorkLabMs),
  )
}
