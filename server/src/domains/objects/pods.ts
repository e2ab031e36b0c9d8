import type { KubeObject } from '../../tools/kubectl.ts'

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
  state?: { waiting?: { reason?: string; message?: string }; terminated?: { exitCode: number } }
}

/** Words for what a container waits for; the rest is normal start-up. */
const explanations: Record<string, (image: string, message: string) => string> = {
  ErrImagePull: (image) => `the image ${image} cannot be pulled. Check its name and the internet connection`,
  ImagePullBackOff: (image) => `the image ${image} cannot be pulled. Check its name and the internet connection`,
  InvalidImageName: (image) => `the image name ${image} is not valid`,
  CrashLoopBackOff: () => 'it starts and ends again and again. Its log says why',
  CreateContainerConfigError: (_image, message) => `its settings are incomplete: ${message}`,
  CreateContainerError: (_image, message) => `its container cannot be created: ${message}`,
}

function trouble(pod: KubeObject, containers: ContainerStatus[]): string | undefined {
  for (const { image, state } of containers) {
    const reason = state?.waiting?.reason ?? ''
    const explain = explanations[reason]
    if (explain) return `Pod ${pod.metadata.name}: ${explain(image, state?.waiting?.message ?? '')}.`
  }
  const scheduled = pod.status?.conditions?.find((item: { type: string }) => item.type === 'PodScheduled')
  if (scheduled?.status === 'False')
    return `Pod ${pod.metadata.name} has no machine yet: ${scheduled.message ?? scheduled.reason}.`
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

/** Pods that run for good: those of finished jobs are left out. */
export function lastingPods(pods: KubeObject[]): Pod[] {
  return pods.filter((pod) => !['Succeeded', 'Failed'].includes(pod.status?.phase) && !ownedByJob(pod)).map(readPod)
}

function ownedByJob(pod: KubeObject): boolean {
  const owners = (pod.metadata.ownerReferences ?? []) as { kind: string }[]
  return owners.some(({ kind }) => kind === 'Job')
}
