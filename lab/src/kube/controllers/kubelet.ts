import type { KubeObject } from '../objects.ts'
import { volumesAttached } from './attachments.ts'
import { type Condition, timestamp, withCondition } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { mountError } from './pod-inputs.ts'
import { nextContainers, nextInitContainers } from './pod-progress.ts'
import { isFinished } from './pod-state.ts'

type Spec = KubeObject['spec']

const sandboxLabMs = 1000

/** A free address of the node's pod network, or the node's own for pods on the host's network. */
function addressFor({ objects }: ControllerContext, pod: KubeObject, node: KubeObject): string {
  if (pod.spec.hostNetwork === true) {
    return node.status?.addresses?.find(({ type }: Spec) => type === 'InternalIP')?.address
  }
  const prefix = String(node.spec.podCIDR).split('.').slice(0, 3).join('.')
  const taken = new Set(objects.list('Pod').map(({ status }) => status?.podIP))
  for (let host = 2; host < 255; host += 1) if (!taken.has(`${prefix}.${host}`)) return `${prefix}.${host}`
  throw new Error(`no free pod address on node ${node.metadata.name}`)
}

interface Observed {
  containers: Spec[]
  initContainers: Spec[]
  phase: string
}

function setConditions(context: ControllerContext, pod: KubeObject, seen: Observed, sandbox: boolean): Condition[] {
  const now = context.clock.now()
  const done = seen.phase === 'Succeeded'
  const initialized = seen.initContainers.every(({ state, started }) => state.terminated?.exitCode === 0 || started)
  const unready = seen.containers.filter(({ ready }) => !ready).map(({ name }) => name)
  const allReady = seen.containers.length > 0 && unready.length === 0 && initialized && !isEnded(seen.phase)
  const reason = done
    ? { reason: 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
  const entries: [string, boolean, object?][] = [
    ['PodReadyToStartContainers', sandbox && !isEnded(seen.phase)],
    ['Initialized', initialized, initialized ? {} : { reason: 'ContainersNotInitialized' }],
    ['Ready', allReady, allReady ? {} : reason],
    ['ContainersReady', allReady, allReady ? {} : reason],
    ['PodScheduled', true],
  ]
  return entries.reduce<Condition[]>(
    (conditions, [type, status, more]) =>
      withCondition(conditions, { type, status: status ? 'True' : 'False', ...more }, now),
    (pod.status?.conditions as Condition[] | undefined) ?? [],
  )
}

const isEnded = (phase: string): boolean => phase === 'Succeeded' || phase === 'Failed'

function phaseOf(pod: KubeObject, initContainers: Spec[], containers: Spec[]): string {
  const codes = containers.map(({ state }) => state.terminated?.exitCode as number | undefined)
  if (pod.spec.restartPolicy === 'Never' && initContainers.some(({ state }) => state.terminated?.exitCode > 0))
    return 'Failed'
  if (pod.spec.restartPolicy !== 'Always' && codes.length > 0 && codes.every((code) => code !== undefined)) {
    return codes.every((code) => code === 0) ? 'Succeeded' : 'Failed'
  }
  const begun = [...initContainers, ...containers].some(({ state, restartCount }) => state.running || restartCount > 0)
  return pod.status?.phase === 'Running' || (begun && containers.some(({ state }) => state.running))
    ? 'Running'
    : 'Pending'
}

function publish(context: ControllerContext, pod: KubeObject, node: KubeObject, seen: Observed, podIP?: string): void {
  const hostIP = node.status?.addresses?.find(({ type }: Spec) => type === 'InternalIP')?.address
  context.objects.updateStatus(pod, {
    ...pod.status,
    phase: seen.phase,
    conditions: setConditions(context, pod, seen, podIP !== undefined),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: pod.status?.startTime ?? timestamp(context.clock.now()),
    ...(seen.initContainers.length === 0 ? {} : { initContainerStatuses: seen.initContainers }),
    containerStatuses: seen.containers,
  })
}

const creating = (containers: Spec[], reason: string): Spec[] =>
  containers.map(({ name, image }) => ({
    name,
    image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: {},
  }))

/** The pod's volumes and its sandbox. Returns its address once containers can start. */
function prepare(context: ControllerContext, pod: KubeObject, node: KubeObject): string | undefined {
  if (pod.status?.podIP !== undefined) return pod.status.podIP
  const { objects, moments, record } = context
  if (!volumesAttached(objects, pod)) return undefined
  const error = mountError(objects, pod)
  if (error !== undefined) {
    record(pod, 'Warning', 'FailedMount', error, 'kubelet')
    return undefined
  }
  return moments.reached(pod, 'sandbox', sandboxLabMs) ? addressFor(context, pod, node) : undefined
}

/** The kubelet is gone: nobody knows, so the pod takes no traffic, and its containers start anew with the machine. */
function lose(context: ControllerContext, pod: KubeObject): void {
  const { objects, moments, clock } = context
  if (pod.status?.containerStatuses === undefined) return
  if (!moments.begun(pod, 'lost')) moments.reached(pod, 'lost', 0)
  const conditions = withCondition(pod.status.conditions, { type: 'Ready', status: 'False' }, clock.now())
  objects.updateStatus(pod, { ...pod.status, conditions })
}

/** After a restart of its machine every container that ran is started once more. */
function revive({ objects, moments }: ControllerContext, pod: KubeObject): KubeObject {
  if (!moments.begun(pod, 'lost')) return pod
  moments.forget(pod, 'lost')
  for (const { name } of pod.spec.containers) moments.forget(pod, `ready-${name}`)
  const restart = (status: Spec): Spec =>
    status.state.running === undefined
      ? status
      : {
          ...status,
          ready: false,
          started: false,
          restartCount: status.restartCount + 1,
          state: { waiting: { reason: 'ContainerCreating' } },
        }
  objects.updateStatus(pod, { ...pod.status, containerStatuses: pod.status.containerStatuses.map(restart) })
  return objects.get('Pod', pod.metadata.namespace, pod.metadata.name) ?? pod
}

function sync(context: ControllerContext, found: KubeObject, node: KubeObject) {
  const view = context.cluster.nodes.find(({ name }) => name === node.metadata.name)
  if (view === undefined || !view.ready) return lose(context, found)
  const pod = revive(context, found)
  const initial = pod.spec.initContainers ?? []
  const address = prepare(context, pod, node)
  if (address === undefined) {
    const reason = initial.length === 0 ? 'ContainerCreating' : 'PodInitializing'
    const seen = {
      phase: 'Pending',
      initContainers: creating(initial, reason),
      containers: creating(pod.spec.containers, reason),
    }
    return publish(context, pod, node, seen)
  }
  const { statuses: initContainers, done } = nextInitContainers({ context, pod, node, view })
  const containers = done
    ? nextContainers({ context, pod, node, view })
    : creating(pod.spec.containers, 'PodInitializing')
  publish(context, pod, node, { initContainers, containers, phase: phaseOf(pod, initContainers, containers) }, address)
}

/** Runs the pods of every node: mounts, images, containers, readiness, ends. */
export const kubelet: Reconciler = {
  name: 'kubelet',
  watches: [
    'ClusterView',
    'ConfigMap',
    'Endpoints',
    'Node',
    'PersistentVolumeClaim',
    'Pod',
    'Secret',
    'Service',
    'VolumeAttachment',
  ],
  reconcile: (context) => {
    const { objects } = context
    for (const pod of objects.list('Pod')) {
      if (pod.spec.nodeName === undefined || isFinished(pod)) continue
      const node = objects.get('Node', undefined, pod.spec.nodeName)
      if (node !== undefined) sync(context, pod, node)
    }
  },
}
