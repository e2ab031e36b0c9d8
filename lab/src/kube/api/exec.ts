import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { protocols, serveProcess } from '../exec/channels.ts'
import { runInContainer } from '../exec/run.ts'
import type { KubeObject } from '../objects.ts'
import type { ApiContext, ApiRequest, Caller } from './context.ts'
import { refuseStalled } from './etcd.ts'
import { authorize } from './rbac.ts'
import { existing } from './read.ts'
import { route } from './route.ts'
import { ApiError, badRequest, statusOf } from './status.ts'

type Spec = KubeObject['spec']

function containerOf(pod: KubeObject, wanted: string | null): Spec {
  const containers = pod.spec.containers as Spec[]
  const found = wanted ? containers.find(({ name }) => name === wanted) : containers[0]
  if (found === undefined) throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`)
  if (!wanted && containers.length > 1)
    throw badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.map(({ name }) => name).join(' ')}]`,
    )
  const status = (pod.status?.containerStatuses ?? []).find(({ name }: Spec) => name === found.name)
  if (status?.state?.running === undefined)
    throw new ApiError(500, 'InternalError', `container not found ("${found.name}")`)
  return found
}

/** Answers a refused upgrade as the API server does: with a Status. */
function refuse(socket: Duplex, error: unknown): void {
  if (!(error instanceof ApiError)) console.error(error)
  const { code, body } = statusOf(error)
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${code} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  )
}

/** Serves `pods/exec` over WebSockets. `callerOf` says who asks. */
export function createExec(context: ApiContext, callerOf: (request: IncomingMessage) => Caller | undefined) {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
  })
  return (message: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => undefined)
    try {
      const caller = callerOf(message)
      if (caller === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized')
      const url = new URL(message.url ?? '/', 'https://kubernetes')
      const place = route(context.registry, url.pathname)
      if (place.resource.kind !== 'Pod' || place.subresource !== 'exec') throw badRequest('Upgrade request required')
      authorize(context.objects, caller, { verb: 'create', ...place })
      refuseStalled(context)
      const request: ApiRequest = { ...place, query: url.searchParams, contentType: '', body: '', warnings: [] }
      const pod = existing(context, request)
      const container = containerOf(pod, url.searchParams.get('container'))
      const command = url.searchParams.getAll('command')
      if (command.length === 0) throw badRequest('you must specify at least 1 command for the container')
      const wantsStdin = url.searchParams.get('stdin') === 'true'
      server.handleUpgrade(message, socket, head, (client) => {
        client.on('error', () => undefined)
        void serveProcess(client, runInContainer(context.exec, pod, container, command), wantsStdin)
      })
    } catch (error) {
      refuse(socket, error)
    }
  }
}
