import Long from 'long'
import protobuf from 'protobufjs'
import { clusterProto, storageProto } from './proto/cluster.ts'
import { commonProto } from './proto/common.ts'
import { cosiProto } from './proto/cosi.ts'
import { machineProto } from './proto/machine.ts'

/** A decoded message: enums by name, 64-bit numbers as decimal text, fields with their default where none was sent. */
// biome-ignore lint/suspicious/noExplicitAny: messages are described at run time
export type Message = Record<string, any>

/** How one rpc of a service is called and answered. */
export interface Rpc {
  /** `/machine.MachineService/Version` */
  path: string
  name: string
  streams: boolean
  /** The caller sends any number of messages. */
  takesStream: boolean
  decode(bytes: Buffer): Message
  encode(message: Message): Buffer
}

// Ids of etcd members need all 64 bits.
protobuf.util.Long = Long
protobuf.configure()

const root = new protobuf.Root()
for (const source of [commonProto, machineProto, clusterProto, storageProto, cosiProto])
  protobuf.parse(source, root, { keepCase: true })
root.resolveAll()

const shape = { enums: String, longs: String, defaults: true, arrays: true, objects: true } as const

function codecOf(type: protobuf.Type): { decode(bytes: Uint8Array): Message; encode(message: Message): Buffer } {
  return {
    decode: (bytes) => type.toObject(type.decode(bytes), shape),
    encode: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
  }
}

/** The rpcs of a service, e.g. `machine.MachineService`. */
export function rpcsOf(service: string): Rpc[] {
  return root.lookupService(service).methodsArray.map((method) => ({
    path: `/${service}/${method.name}`,
    name: method.name,
    streams: method.responseStream === true,
    takesStream: method.requestStream === true,
    decode: codecOf(method.resolvedRequestType!).decode,
    encode: codecOf(method.resolvedResponseType!).encode,
  }))
}

/** One message on its own, for those that travel as bytes inside others. */
export const encodeMessage = (type: string, message: Message): Buffer => codecOf(root.lookupType(type)).encode(message)

/** A moment in real milliseconds as the API writes it. */
export const timestamp = (ms: number): Message => ({
  seconds: String(Math.floor(ms / 1000)),
  nanos: (Math.floor(ms) % 1000) * 1_000_000,
})
