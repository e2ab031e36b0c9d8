import {
  type ConnectionInjector,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { Lan } from '../machines/lan.ts'
import type { Perform } from '../machines/perform.ts'
import type { Reached } from '../machines/reach.ts'
import { RpcError } from '../machines/rpc-error.ts'
import { type Target, targetsOf, valuesOf } from './caller.ts'
import { healthCheck } from './health.ts'
import { machineOrders, type Order, storageOrders } from './machine-service.ts'
import { type Message, type Rpc, rpcsOf } from './messages.ts'
import { readState, resourceOf, type Wanted } from './state-service.ts'

const LARGEST_MESSAGE = 33_554_432

type Unary = handleUnaryCall<Message, Message>
type Streaming = handleServerStreamingCall<Message, Message>
type Uploading = handleClientStreamingCall<Message, Message>
type Handler = Unary | Streaming | Uploading
type Call =
  | ServerUnaryCall<Message, Message>
  | ServerWritableStream<Message, Message>
  | ServerReadableStream<Message, Message>

/** Snapshots that were sent to machines to bootstrap from, by machine. */
const uploads = new WeakMap<Lan, Map<number, Buffer>>()
const uploadsOf = (lan: Lan): Map<number, Buffer> => {
  const all = uploads.get(lan) ?? new Map<number, Buffer>()
  uploads.set(lan, all)
  return all
}

/**
 * The machine API of one machine as a gRPC server: TLS connections that were accepted for it are handed over, calls are
 * done by the machine model. Forwarding follows apid: `nodes` answers one entry per node, `node` of COSI calls one.
 */
export function serveMachine(lan: Lan, perform: Perform, number: number): ConnectionInjector {
  const server = new Server({ 'grpc.max_receive_message_length': LARGEST_MESSAGE, 'grpc.enable_channelz': 0 })
  const targets = (call: Call): Target[] => {
    const raw = call.getAuthContext().sslPeerCertificate?.raw
    return targetsOf(lan, number, raw, valuesOf(call.metadata, 'nodes'))
  }
  const ordered = (orders: Record<string, Order>) => (rpc: Rpc) => {
    if (rpc.takesStream) return uploadHandler(lan, number, targets)
    const order = orders[rpc.name]
    if (!order) throw new Error(`${rpc.path} has no order`)
    return orderHandler(rpc, order, targets, perform, () => uploadsOf(lan).get(number))
  }
  add(server, 'machine.MachineService', ordered(machineOrders))
  add(server, 'storage.StorageService', ordered(storageOrders))
  add(server, 'cluster.ClusterService', () =>
    streaming(async (call, send) => {
      for (const target of targets(call))
        await healthCheck(lan, target.reach(), call.request, (message) => send({ metadata: hostname(target), message }))
    }),
  )
  add(server, 'cosi.resource.State', stateHandler(lan, perform, number))
  return server.createConnectionInjector(ServerCredentials.createInsecure())
}

function add(server: Server, service: string, handlerOf: (rpc: Rpc) => Handler): void {
  const rpcs = rpcsOf(service)
  const definition = rpcs.map((rpc) => [
    rpc.name,
    {
      path: rpc.path,
      requestStream: rpc.takesStream,
      responseStream: rpc.streams,
      requestSerialize: rpc.encode,
      requestDeserialize: rpc.decode,
      responseSerialize: rpc.encode,
      responseDeserialize: rpc.decode,
    },
  ])
  const handlers = rpcs.map((rpc) => [rpc.name, handlerOf(rpc)])
  server.addService(
    Object.fromEntries(definition),
    Object.fromEntries(handlers) as unknown as UntypedServiceImplementation,
  )
}

function orderHandler(
  rpc: Rpc,
  order: Order,
  targetsOfCall: (call: Call) => Target[],
  perform: Perform,
  upload: () => Buffer | undefined,
): Unary | Streaming {
  const all = async (target: Target, request: Message, several: boolean): Promise<Message[]> => {
    let proxied = several
    try {
      const reached = target.reach()
      proxied ||= reached.proxied
      const result = await perform(reached, order.command, order.params?.(request, upload()))
      const answers = [order.answer?.(result, request) ?? {}].flat() as Message[]
      return answers.map((answer) => ({ metadata: hostname(target), ...answer }))
    } catch (error) {
      if (!(error instanceof RpcError) || !(proxied || error.isForwarded)) throw error
      const failure = { code: codeOf(error), message: error.description }
      return [{ metadata: { ...hostname(target), error: error.plain, status: failure } }]
    }
  }
  if (rpc.streams)
    return streaming(async (call, send) => {
      const targets = targetsOfCall(call)
      for (const target of targets)
        for (const message of await all(target, call.request, targets.length > 1)) send(message)
    })
  return unary(async (call) => {
    const targets = targetsOfCall(call)
    const answers = await Promise.all(targets.map((target) => all(target, call.request, targets.length > 1)))
    return { messages: answers.flat() }
  })
}

/** EtcdRecover: keeps a snapshot for the bootstrap that follows. */
function uploadHandler(lan: Lan, number: number, targetsOfCall: (call: Call) => Target[]): Uploading {
  const take = async (call: ServerReadableStream<Message, Message>): Promise<Message> => {
    const { role } = targetsOfCall(call)[0]!.reach()
    if (role !== 'admin') throw new RpcError('PermissionDenied', 'not authorized')
    const parts: Buffer[] = []
    for await (const { bytes } of call as AsyncIterable<Message>) parts.push(Buffer.from(bytes))
    uploadsOf(lan).set(number, Buffer.concat(parts))
    return { messages: [{ metadata: {} }] }
  }
  return (call, callback) => {
    take(call).then(
      (message) => callback(null, message),
      (error: unknown) => callback(statusOf(error)),
    )
  }
}

function stateHandler(lan: Lan, perform: Perform, number: number): (rpc: Rpc) => Unary | Streaming {
  const reached = (call: Call): Reached => {
    if (valuesOf(call.metadata, 'nodes').length > 0)
      throw new RpcError('InvalidArgument', 'one-2-many proxying is not supported for COSI methods')
    const raw = call.getAuthContext().sslPeerCertificate?.raw
    return targetsOf(lan, number, raw, valuesOf(call.metadata, 'node').slice(0, 1))[0]!.reach()
  }
  const read = (call: Exclude<Call, ServerReadableStream<Message, Message>>, id: string | undefined) =>
    readState(lan, perform, reached(call), { ...(call.request as Wanted), id })
  return ({ name }) => {
    if (name === 'Get')
      return unary(async (call) => ({ resource: resourceOf((await read(call, call.request.id))[0]!) }))
    if (name === 'List')
      return streaming(async (call, send) => {
        const wanted = new RegExp(call.request.options?.id_query?.regexp || '')
        for (const document of await read(call, undefined))
          if (wanted.test(String(document.metadata.id))) send({ resource: resourceOf(document) })
      })
    return unary(() => Promise.reject(new RpcError('PermissionDenied', 'write access is not allowed')))
  }
}

const unary =
  (answer: (call: ServerUnaryCall<Message, Message>) => Promise<Message>): Unary =>
  (call, callback) => {
    answer(call).then(
      (message) => callback(null, message),
      (error: unknown) => callback(statusOf(error)),
    )
  }

const streaming =
  (run: (call: ServerWritableStream<Message, Message>, send: (message: Message) => void) => Promise<void>): Streaming =>
  (call) => {
    run(call, (message) => void call.write(message)).then(
      () => call.end(),
      (error: unknown) => call.emit('error', statusOf(error)),
    )
  }

const hostname = ({ name }: Target): Message => ({ hostname: name ?? '' })

/** `PermissionDenied` as the number gRPC has for it. */
const codeOf = ({ code }: RpcError): number =>
  status[code.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() as keyof typeof status] ?? status.UNKNOWN

const statusOf = (error: unknown): { code: number; details: string } =>
  error instanceof RpcError
    ? { code: codeOf(error), details: error.description }
    : { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) }
