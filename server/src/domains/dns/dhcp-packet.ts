import { numberToIp } from '../../platform/network.ts'

/** Kinds of DHCP message this daemon sends or reads (RFC 2132, option 53). */
export const dhcpTypes = { discover: 1, offer: 2, request: 3, ack: 5 } as const
const magic = 0x63825363
const headerBytes = 240

/** A DHCP message as far as it is looked at. */
export interface DhcpMessage {
  /** BOOTP operation: 1 from clients, 2 from servers. */
  op: 1 | 2
  /** Transaction id. */
  xid: number
  /** Client's hardware address. */
  mac: string
  /** The address offered or lent. */
  yourIp: string
  /** Server for the next step of booting. */
  nextServer: string
  /** Boot file, from the header or option 67. */
  bootFile?: string
  /** Options by number. */
  options: Map<number, Buffer>
}

/** A client's message with the broadcast flag set, so that the answer reaches a client without an address (RFC 2131). */
export function encodeDhcp(message: { xid: number; mac: string; type: number; options?: [number, Buffer][] }): Buffer {
  const header = Buffer.alloc(headerBytes)
  header[0] = 1
  header[1] = 1
  header[2] = 6
  header.writeUInt32BE(message.xid, 4)
  header.writeUInt16BE(0x8000, 10)
  Buffer.from(message.mac.replaceAll(':', ''), 'hex').copy(header, 28)
  header.writeUInt32BE(magic, 236)
  const options = [[53, Buffer.from([message.type])] as [number, Buffer], ...(message.options ?? [])]
  const body = options.map(([number, value]) => Buffer.concat([Buffer.from([number, value.length]), value]))
  return Buffer.concat([header, ...body, Buffer.from([255])])
}

/** Reads a message; undefined when it is none. Never throws: anything may come from the network. */
export function decodeDhcp(packet: Buffer): DhcpMessage | undefined {
  if (packet.length < headerBytes || packet.readUInt32BE(236) !== magic) return undefined
  const op = packet[0]
  if (op !== 1 && op !== 2) return undefined
  const options = new Map<number, Buffer>()
  for (let at = headerBytes; at < packet.length; ) {
    const number = packet[at]!
    if (number === 255) break
    if (number === 0) {
      at++
      continue
    }
    const length = packet[at + 1]
    if (length === undefined || at + 2 + length > packet.length) break
    options.set(number, packet.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  const file = text(options.get(67)) ?? text(packet.subarray(108, 236))
  return {
    op,
    xid: packet.readUInt32BE(4),
    mac: packet
      .subarray(28, 34)
      .toString('hex')
      .replace(/..(?=.)/g, '$&:'),
    yourIp: numberToIp(packet.readUInt32BE(16)),
    nextServer: numberToIp(packet.readUInt32BE(20)),
    ...(file ? { bootFile: file } : {}),
    options,
  }
}

function text(bytes: Buffer | undefined): string | undefined {
  const value = bytes?.toString('latin1').split('\0')[0]
  return value || undefined
}

/** An address in an option, such as 54 (server); undefined when it is not there. */
export function addressOption(message: DhcpMessage, number: number): string | undefined {
  const value = message.options.get(number)
  return value?.length === 4 ? numberToIp(value.readUInt32BE(0)) : undefined
}
