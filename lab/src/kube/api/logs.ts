import type { ServerResponse } from 'node:http'
import { podLog as simulatedLog } from '../controllers/pod-log.ts'
import type { KubeObject } from '../objects.ts'
import type { ApiContext, ApiRequest } from './context.ts'
import { existing } from './read.ts'
import { badRequest } from './status.ts'

interface ContainerStatus {
  name: string
  restartCount?: number
  state?: {
    waiting?: { reason?: string }
    running?: { startedAt?: string }
    terminated?: Terminated
  }
  lastState?: { terminated?: Terminated }
}

interface Terminated {
  exitCode: number
  startedAt?: string
  finishedAt?: string
  reason?: string
}

type Container = { name: string }

function containerOf(pod: KubeObject, wanted: string | null): Container {
  const { name } = pod.metadata
  const containers = (pod.spec.containers ?? []) as Container[]
  const all = [...containers, ...((pod.spec.initContainers ?? []) as Container[])]
  if (wanted === null || wanted === '') {
    if (containers.length === 1) return containers[0]!
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${containers.map((one) => one.name).join(' ')}]`,
    )
  }
  const found = all.find((container) => container.name === wanted)
  if (found === undefined) throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  return found
}

/** GET of a pod's `log`: `container`, `tailLines` and `timestamps` count. Throws BadRequest while the container has not started. */
export function podLog(context: ApiContext, request: ApiRequest): string {
  const pod = existing(context, request)
  const { query } = request
  const container = containerOf(pod, query.get('container'))
  const statuses = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
  ] as ContainerStatus[]
  const status = statuses.find((one) => one.name === container.name)
  const state = status?.state ?? {}
  if (query.get('previous') === 'true' && (status?.restartCount ?? 0) === 0)
    throw badRequest(`previous terminated container "${container.name}" in pod "${pod.metadata.name}" not found`)
  // One that waits to be started again shows what it wrote the last time.
  const ended = state.terminated ?? status?.lastState?.terminated
  if (state.running === undefined && ended === undefined) {
    const why = state.waiting?.reason ?? 'ContainerCreating'
    const trouble = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName'].includes(why)
      ? 'trying and failing to pull image'
      : why
    throw badRequest(`container "${container.name}" in pod "${pod.metadata.name}" is waiting to start: ${trouble}`)
  }
  const at = state.running?.startedAt ?? ended?.startedAt ?? pod.metadata.creationTimestamp ?? ''
  const all = simulatedLog(pod, container.name)
  const tail = query.get('tailLines')
  const shown = tail === null ? all : all.slice(Math.max(0, all.length - Number(tail)))
  return shown.map((text) => `${query.get('timestamps') === 'true' ? `${at} ` : ''}${text}\n`).join('')
}

/** How often a container's log is looked at for what was added. */
const lookMs = 100

/** Like `podLog`, and then each line as it is written, until the container ends, the pod goes or the client leaves. */
export function followPodLog(context: ApiContext, request: ApiRequest, response: ServerResponse): void {
  const first = podLog(context, request)
  const everything = { ...request, query: new URLSearchParams(request.query) }
  everything.query.delete('tailLines')
  let sent = podLog(context, everything)
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write(first)
  const timer = setInterval(() => {
    try {
      const now = podLog(context, everything)
      if (now !== sent) response.write(now.startsWith(sent) ? now.slice(sent.length) : now)
      sent = now
      if (hasEnded(context, everything)) end()
    } catch {
      end()
    }
  }, lookMs)
  function end(): void {
    clearInterval(timer)
    response.end()
  }
  response.on('close', () => clearInterval(timer))
}

function hasEnded(context: ApiContext, request: ApiRequest): boolean {
  return ['Succeeded', 'Failed'].includes(existing(context, request).status?.phase)
}
