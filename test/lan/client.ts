import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { setTimeout as delay } from 'node:timers/promises'
import {
  addressOption,
  type DhcpMessage,
  decodeDhcp,
  dhcpTypes,
  encodeDhcp,
} from '../../server/src/domains/dns/dhcp-packet.ts'

/**
 * A machine on the LAN, run in a network namespace: `lease MAC [NAME]` takes an address as a booting machine does,
 * `many N` takes N of them, `ask SERVER NAME` looks a name up. Prints JSON.
 */
const answerMs = 3_000
const usualTries = 3
/** DHCPNAK: somebody else was quicker with the address that was offered. */
const refused = 6
/** dnsmasq looks for six addresses whether somebody has them, 3 s each, before it answers the next machine. */
const patientTries = 12

async function socketOfClient(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(68, '0.0.0.0', resolve)
  })
  socket.setMaxListeners(0)
  socket.setBroadcast(true)
  return socket
}

async function exchange(
  socket: Socket,
  request: Buffer,
  { xid, type, tries }: { xid: number; type: number; tries: number },
): Promise<DhcpMessage> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const answer = new Promise<DhcpMessage>((resolve) => {
      const listen = (packet: Buffer) => {
        const message = decodeDhcp(packet)
        const kind = message?.options.get(53)?.[0]
        if (message?.op !== 2 || message.xid !== xid || (kind !== type && kind !== refused)) return
        socket.off('message', listen)
        resolve(message)
      }
      socket.on('message', listen)
    })
    await new Promise<void>((resolve, reject) =>
      socket.send(request, 67, '255.255.255.255', (error) => (error ? reject(error) : resolve())),
    )
    const got = await Promise.race([answer, delay(answerMs, undefined, { ref: false })])
    if (got) return got
  }
  throw new Error('no answer')
}

async function lease(
  socket: Socket,
  mac: string,
  { xid, tries }: { xid: number; tries: number },
  name?: string,
): Promise<Record<string, unknown>> {
  const host: [number, Buffer][] = name ? [[12, Buffer.from(name)]] : []
  const wanted: [number, Buffer] = [55, Buffer.from([1, 3, 6, 12, 67])]
  const discover = encodeDhcp({ xid, mac, type: dhcpTypes.discover, options: [...host, wanted] })
  const offer = await exchange(socket, discover, { xid, tries, type: dhcpTypes.offer })
  const address = Buffer.from(offer.yourIp.split('.').map(Number))
  const options: [number, Buffer][] = [[50, address], [54, offer.options.get(54)!], ...host, wanted]
  const request = encodeDhcp({ xid, mac, type: dhcpTypes.request, options })
  const ack = await exchange(socket, request, { xid, tries, type: dhcpTypes.ack })
  if (ack.options.get(53)?.[0] === refused) return lease(socket, mac, { xid: xid + 1_000, tries }, name)
  return {
    ip: ack.yourIp,
    server: addressOption(ack, 54),
    router: addressOption(ack, 3),
    dns: addressOption(ack, 6),
    boot_file: ack.bootFile,
  }
}

const macOf = (number: number) => `02:00:00:00:01:${number.toString(16).padStart(2, '0')}`

async function main([command, ...args]: string[]): Promise<unknown> {
  if (command === 'ask') {
    const resolver = new Resolver({ timeout: 1_000, tries: 2 })
    resolver.setServers([args[0]!])
    return resolver.resolve4(args[1]!)
  }
  const socket = await socketOfClient()
  try {
    if (command === 'lease') return await lease(socket, args[0]!, { xid: 4711, tries: usualTries }, args[1])
    const all = Array.from({ length: Number(args[0]) }, (_, index) => index)
    const leases: unknown[] = []
    const workers = Array.from({ length: 10 }, async () => {
      for (let next = all.shift(); next !== undefined; next = all.shift())
        leases.push(await lease(socket, macOf(next), { xid: 10_000 + next, tries: patientTries }))
    })
    await Promise.all(workers)
    return leases
  } finally {
    socket.close()
  }
}

console.log(JSON.stringify(await main(process.argv.slice(2))))
