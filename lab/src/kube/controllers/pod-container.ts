import { createHash } from 'node:crypto'
import type { NodeView } from '../cluster-view.ts'
import type { KubeObject } from '../objects.ts'
import { timestamp } from './conditions.ts'
import type { ControllerContext } from './context.ts'
import { missingRuntime } from './hardware-features.ts'
import { mayUninstall } from './longhorn.ts'
import { looksUpInVain } from './lookups.ts'
import { missingHost } from './pod-dependencies.ts'
import { containerInputs } from './pod-inputs.ts'
import { hasIscsi } from './provisioners.ts'

type Spec = KubeObject['spec']

/** One container of one pod on its node. */
export interface ContainerRun {
  context: ControllerContext
  pod: KubeObject
  container: Spec
  node: KubeObject
  view: NodeView
  /** Its last status, if it has one. */
  last: Spec | undefined
  /** It ends by itself: an initial container, or one of a Job. */
  runsToEnd: boolean
}

const component = 'kubelet'
/** How often an image that somebody took away is looked for again. */
const pullAgainLabMs = 10_000
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

function waiting(run: ContainerRun, reason: string, message?: string) {
  const state = { waiting: { reason, ...(message === undefined ? {} : { message }) } }
  return { ...base(run), ready: false, started: false, state }
}

function base({ container, last }: ContainerRun) {
  const { name, image } = container
  const lastState = last?.lastState ?? {}
  return { name, image, imageID: last?.imageID ?? '', restartCount: last?.restartCount ?? 0, lastState }
}

/** Brings the image to the node. Returns what the container waits with, or undefined once the image is there. */
function pull(run: ContainerRun): Spec | undefined {
  const { context, pod, container, node } = run
  const { moments, record, objects } = context
  const { image, name } = container
  const present = () => context.objects.get('Node', undefined, node.metadata.name)?.status?.images ?? []
  if (present().some(({ names }: { names: string[] }) => names.includes(image))) {
    if (!moments.begun(pod, `pull-${name}`)) {
      record(pod, 'Normal', 'Pulled', `Container image "${image}" already present on machine`, component)
    }
    return undefined
  }
  if (!moments.begun(pod, `pull-${name}`)) record(pod, 'Normal', 'Pulling', `Pulling image "${image}"`, component)
  const digest = digestOf(image)
  const labMs = 2000 + (digest.readUInt16BE(0) % 4000)
  if (!moments.reached(pod, `pull-${name}`, labMs)) return waiting(run, 'ContainerCreating')
  if (image.includes('does-not-exist')) return pullFailure(run)
  if (context.lacksImage?.(image.replace(/[:@][^/]*$/, ''))) {
    moments.wakeIn(pullAgainLabMs)
    return pullFailure(run)
  }
  const took = `${(labMs / 1000).toFixed(3)}s`
  const sizeBytes = 20_000_000 + (digest.readUInt32BE(2) % 300_000_000)
  const text = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${sizeBytes} bytes.`
  record(pod, 'Normal', 'Pulled', text, component)
  const current = objects.get('Node', undefined, node.metadata.name)
  if (current !== undefined) {
    objects.updateStatus(current, {
      ...current.status,
      images: [...present(), { names: [image], sizeBytes }].slice(-100),
    })
  }
  return undefined
}

function pullFailure(run: ContainerRun): Spec {
  const { context, pod, container } = run
  const { image, name } = container
  const reference = image.includes('/') ? image : `docker.io/library/${image}`
  const cause = `rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`
  context.record(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${cause}`, component)
  context.record(pod, 'Warning', 'Failed', 'Error: ErrImagePull', component)
  if (!context.moments.reached(pod, `back-off-${name}`, 5000)) return waiting(run, 'ErrImagePull', cause)
  context.record(pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, component)
  return waiting(run, 'ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${cause}`)
}

/** A mount that Longhorn needs shared with the host, on a machine whose kubelet does not share it. */
function unsharedMount({ pod, container, view }: ContainerRun): string | undefined {
  if (view.hasLonghornMount) return undefined
  const shared = (container.volumeMounts ?? []).filter(
    ({ mountPropagation }: Spec) => mountPropagation === 'Bidirectional',
  )
  for (const { name } of shared) {
    const path: string = (pod.spec.volumes ?? []).find((volume: Spec) => volume.name === name)?.hostPath?.path ?? ''
    if (path.startsWith('/var/lib/longhorn')) {
      return `failed to generate container spec: failed to generate spec: path "${path}" is mounted on "/var" but it is not a shared mount`
    }
  }
  return undefined
}

/** Whether the program in the container ends with an error, and its last words. */
export function crashReason({ context, container, view }: ContainerRun): string | undefined {
  if (container.image.includes('exits-with-error')) return 'the program ended with an error'
  if (container.image.includes('fills-its-volume')) return 'its volume is full'
  const isUninstaller = /longhorn-manager/.test(container.image) && container.command?.includes('uninstall')
  if (isUninstaller && !mayUninstall(context.objects))
    return 'cannot uninstall Longhorn because deleting-confirmation-flag is set to `false`. Please set it to `true` using Longhorn UI or kubectl -n longhorn-system edit settings.longhorn.io deleting-confirmation-flag'
  if (/longhorn-manager/.test(container.image) && container.name === 'longhorn-manager' && !hasIscsi(view)) {
    return 'Failed environment check, please make sure you have iscsiadm/open-iscsi installed on the host'
  }
  return undefined
}

/** Creates the container. Returns its status: waiting with a reason, or running. */
export function startContainer(run: ContainerRun): Spec {
  const { context, pod, container } = run
  const { objects, record } = context
  const sandbox = missingRuntime(objects, pod, run.view)
  if (sandbox !== undefined) {
    record(pod, 'Warning', 'FailedCreatePodSandBox', sandbox, component)
    return waiting(run, 'ContainerCreating')
  }
  const pulling = pull(run)
  if (pulling !== undefined) return pulling
  const { error } = containerInputs(objects, pod, container)
  if (error !== undefined) {
    record(pod, 'Warning', 'Failed', `Error: ${error}`, component)
    return waiting(run, 'CreateContainerConfigError', error)
  }
  const unshared = unsharedMount(run)
  if (unshared !== undefined) {
    record(pod, 'Warning', 'Failed', `Error: ${unshared}`, component)
    return waiting(run, 'CreateContainerError', unshared)
  }
  record(pod, 'Normal', 'Created', `Created container: ${container.name}`, component)
  record(pod, 'Normal', 'Started', `Started container ${container.name}`, component)
  return running(run)
}

/** The status of a container that starts now. */
export function running(run: ContainerRun): Spec {
  const { context, container } = run
  const digest = digestOf(container.image).toString('hex')
  const imageID = `${container.image.split('@')[0]}@sha256:${digest}`
  const containerID = `containerd://${digestOf(`${run.pod.metadata.uid}/${container.name}/${context.clock.now()}`).toString('hex')}`
  const state = { running: { startedAt: timestamp(context.clock.now()) } }
  return { ...base(run), imageID, containerID, ready: false, started: true, state }
}

/** The status of a container that ended. */
export function ended(run: ContainerRun, exitCode: number): Spec {
  const { context, last } = run
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: last?.state?.running?.startedAt,
    finishedAt: timestamp(context.clock.now()),
    containerID: last?.containerID,
  }
  return { ...last, ready: exitCode === 0, started: false, state: { terminated } }
}

/** How long after its start a container answers its readiness probe, in lab milliseconds. */
function readyAfter(container: Spec): number {
  const probe = container.readinessProbe
  if (probe === undefined) return container.startupProbe === undefined ? 0 : 3000
  return 2000 + Math.min(probe.initialDelaySeconds ?? 0, 5) * 1000
}

/** Whether a running container takes traffic. */
export function isContainerReady(run: ContainerRun): boolean {
  const { context, pod, container } = run
  if (!context.moments.reached(pod, `ready-${container.name}`, readyAfter(container))) return false
  const host = missingHost(context.objects, pod, container, false)
  if (host === undefined) return true
  const text = `Readiness probe failed: cannot reach ${host}: no endpoints are ready`
  context.record(pod, 'Warning', 'Unhealthy', text, component)
  return false
}

/** Whether a container that runs to its end is done: its hosts are there and its work took a moment. */
export function isWorkDone(run: ContainerRun, labMs: number): boolean {
  const { context, pod, container } = run
  if (missingHost(context.objects, pod, container, true) !== undefined) return false
  if (looksUpInVain(context.objects, container, containerInputs(context.objects, pod, container).env)) return false
  return context.moments.reached(pod, `work-${container.name}`, labMs)
}
