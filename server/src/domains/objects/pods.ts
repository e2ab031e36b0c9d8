import type { KubeObject } from '../../tools/kubectl.ts'
import { whyPending } from './pending.ts'

export interface Pod {
  name: string
  namespace: string
  /** The pod's phase, or why a container of it waits. */
  status: string
  ready: boolean
  restarts: number
  labels: Record<string, string>
  /** What is wrong and what to do, when something is. */
  trouble?: string
}

interface ContainerStatus {
  name: string
  image: string
  ready: boolean
  restartCount: number
  state?: { waiting?: { reason?: string; message?: string }; terminated?: Ended }
  lastState?: { terminated?: Ended }
}

interface Ended {
  exitCode: number
  reason?: string
}

/** What a container that ended has to say about it. */
function ending({ exitCode, reason }: Ended): string {
  return reason === 'OOMKilled' ? 'it needed more memory than it may have' : `it ended with exit code ${exitCode}`
}

const cannotPull = ({ image }: ContainerStatus) =>
  `the image ${image} cannot be pulled. Check its name and the internet connection`

/** Words for what a container waits for; the rest is normal start-up. */
const explanations: Record<string, (container: ContainerStatus, message: string) => string> = {
  ErrImagePull: cannotPull,
  ImagePullBackOff: cannotPull,
  InvalidImageName: ({ image }) => `the image name ${image} is not valid`,
  CrashLoopBackOff: ({ lastState }) =>
    `it starts and ends again and again${lastState?.terminated ? ` (${ending(lastState.terminated)})` : ''}. Its log says why`,
  CreateContainerConfigError: (_container, message) => `its settings are incomplete: ${message}`,
  CreateContainerError: (_container, message) => `its container cannot be created: ${message}`,
  RunContainerError: (_container, message) => `its container cannot be started: ${message}`,
}

function trouble(pod: KubeObject, containers: ContainerStatus[]): string | undefined {
  for (const container of containers) {
    const { reason = '', message = '' } = container.state?.waiting ?? {}
    const explain = explanations[reason]
    if (explain) return `Pod ${pod.metadata.name}: ${explain(container, message)}.`
    const ended = container.state?.terminated
    if (ended && ended.exitCode !== 0) return `Pod ${pod.metadata.name}: ${ending(ended)}. Its log says why.`
  }
  const scheduled = pod.status?.conditions?.find((item: { type: string }) => item.type === 'PodScheduled')
  if (scheduled?.status === 'False')
    return `Pod ${pod.metadata.name} has no machine yet: ${whyPending(String(scheduled.message ?? scheduled.reason)).replace(/\.$/, '')}.`
  return undefined
}

/** A pod as people want to see it. */
export function readPod(pod: KubeObject): Pod {
  const containers = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ] as ContainerStatus[]
  const waiting = containers.find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason
  return {
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? 'default',
    status: pod.metadata.deletionTimestamp ? 'Terminating' : (waiting ?? pod.status?.phase ?? 'Unknown'),
    ready:
      pod.status?.conditions?.some(
        (item: { type: string; status: string }) => item.type === 'Ready' && item.status === 'True',
      ) ?? false,
    restarts: containers.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
    labels: pod.metadata.labels ?? {},
    trouble: trouble(pod, containers),
  }
}

export interface PodTrouble {
  name: string
  namespace: string
  trouble: string
  /** A container of it ran and ended badly: its log says more. */
  ended: boolean
  /** It will not start by itself: its image is not there. */
  hopeless: boolean
}

/** What a registry says of an image that it does not have. */
const noSuchImage = /not found|manifest unknown|does not exist|repository name not known/i

function isHopeless({ state }: ContainerStatus): boolean {
  const { reason = '', message = '' } = state?.waiting ?? {}
  return (
    reason === 'InvalidImageName' || (/^(ErrImagePull|ImagePullBackOff)$/.test(reason) && noSuchImage.test(message))
  )
}

/** Pods with something wrong. Those of a Job that was tried again count too: they say why it fails. */
export function troubledPods(pods: KubeObject[]): PodTrouble[] {
  return pods.flatMap((pod) => {
    const { name, namespace, trouble: wrong } = readPod(pod)
    if (!wrong || pod.metadata.deletionTimestamp) return []
    const containers = (pod.status?.containerStatuses ?? []) as ContainerStatus[]
    const ended = containers.some(({ state, lastState }) => state?.terminated ?? lastState?.terminated)
    return [{ name, namespace, trouble: wrong, ended, hopeless: containers.some(isHopeless) }]
  })
}

/** Pods that run for good: those of finished jobs are left out. */
export function lastingPods(pods: KubeObject[]): Pod[] {
  return pods.filter((pod) => !['Succeeded', 'Failed'].includes(pod.status?.phase) && !ownedByJob(pod)).map(readPod)
}

function ownedByJob(pod: KubeObject): boolean {
  const owners = (pod.metadata.ownerReferences ?? []) as { kind: string }[]
  return owners.some(({ kind }) => kind === 'Job')
}
