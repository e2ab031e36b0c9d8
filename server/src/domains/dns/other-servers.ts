import { randomBytes, randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { setTimeout as delay } from 'node:timers/promises'
import { hostRange, numberToIp } from '../../platform/network.ts'
import type { Served } from './conf.ts'
import { addressOption, decodeDhcp, dhcpTypes, encodeDhcp } from './dhcp-packet.ts'

/** How long servers are listened to, ms: some look for 3 s whether an address is taken before they offer it. */
export const listenMs = 6_000
const askings = 3

/**
 * Other DHCP servers on the network of an interface: asks as a client without an address would, and takes nothing.
 * Answers their addresses after `listenMs`. Throws the system's error when it may not ask (EACCES without the right, EADDRINUSE
 * when a DHCP client of this device holds the port).
 */
export async function findDhcpServers(served: Served, signal?: AbortSignal): Promise<string[]> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  const found = new Set<string>()
  const xid = randomInt(2 ** 32 - 1)
  // A locally administered address that no machine has.
  const mac = `02${randomBytes(5).toString('hex')}`.replace(/..(?=.)/g, '$&:')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(68, '0.0.0.0', resolve)
    })
    socket.on('message', (packet, { address }) => {
      const message = decodeDhcp(packet)
      if (message?.op !== 2 || message.xid !== xid) return
      const server = addressOption(message, 54) ?? address
      if (server !== served.address) found.add(server)
    })
    socket.setBroadcast(true)
    const request = encodeDhcp({ xid, mac, type: dhcpTypes.discover })
    const everybody = numberToIp(hostRange(served.cidr).last + 1)
    for (let part = 0; part < askings; part++) {
      await new Promise<void>((resolve, reject) =>
        socket.send(request, 67, everybody, (error) => (error ? reject(error) : resolve())),
      )
      await delay(listenMs / askings, undefined, { signal })
    }
    return [...found].sort()
  } finally {
    socket.close()
  }
}
