import { createHash } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeDhcp, dhcpTypes, encodeDhcp } from '../../server/src/domains/dns/dhcp-packet.ts'

/**
 * A machine's network card, run in a network namespace: `boot MAC ARCH [ipxe]` asks as firmware of an architecture
 * does (RFC 4578), or as iPXE; `ask-server SERVER MAC ARCH [ITEM]` asks the boot server itself (port 4011), for the
 * first entry of its menu; `tftp SERVER FILE` and `http URL` fetch. Takes a list of such commands as JSON, prints one
 * of answers.
 */
const answerMs = 3_000
const tries = 4
const bootServerPort = 4011
const ack = 5

async function openSocket(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, '0.0.0.0', resolve)
  })
  socket.setBroadcast(true)
  return socket
}

/** What a network card says of itself. */
function identity(architecture: number, ipxe: boolean): [number, Buffer][] {
  const vendor = architecture >= 15 ? 'HTTPClient' : 'PXEClient'
  const number = String(architecture).padStart(5, '0')
  return [
    [60, Buffer.from(`${vendor}:Arch:${number}:UNDI:003016`)],
    [93, Buffer.from([architecture >> 8, architecture & 0xff])],
    [94, Buffer.from([1, 3, 16])],
    [97, Buffer.from([0, ...Array.from({ length: 16 }, (_, index) => index + 1)])],
    [55, Buffer.from([1, 3, 6, 43, 54, 60, 66, 67])],
    ...(ipxe ? [[77, Buffer.from('iPXE')] as [number, Buffer], [175, Buffer.from([1, 1, 1])] as [number, Buffer]] : []),
  ]
}

/** One question, repeated until somebody answers; the boot information of the answer. */
async function ask(
  socket: Socket,
  to: { port: number; address: string },
  type: number,
  wanted: number[],
  message: Parameters<typeof encodeDhcp>[0],
) {
  const { xid } = message
  for (let attempt = 0; attempt < tries; attempt++) {
    const answer = new Promise<ReturnType<typeof decodeDhcp>>((resolve) => {
      const listen = (packet: Buffer) => {
        const got = decodeDhcp(packet)
        if (got?.op !== 2 || got.xid !== xid || !wanted.includes(got.options.get(53)?.[0] ?? 0)) return
        socket.off('message', listen)
        resolve(got)
      }
      socket.on('message', listen)
    })
    await new Promise<void>((resolve, reject) =>
      socket.send(
        to.port === bootServerPort ? withOwnAddress({ ...message, type }) : encodeDhcp({ ...message, type }),
        to.port,
        to.address,
        (error) => (error ? reject(error) : resolve()),
      ),
    )
    const got = await Promise.race([answer, delay(answerMs, undefined, { ref: false })])
    if (got)
      return {
        file: got.bootFile,
        next: got.nextServer,
        ip: got.yourIp,
        vendor: got.options.get(60)?.toString('latin1'),
        item: menuItem(got.options.get(43)),
      }
  }
  throw new Error('no answer')
}

/** Whoever asks the boot server has an address already, from the other DHCP server. */
function withOwnAddress(message: Parameters<typeof encodeDhcp>[0]): Buffer {
  const packet = encodeDhcp(message)
  const own = networkInterfaces().lan1?.find(({ family }) => family === 'IPv4')
  Buffer.from((own?.address ?? '0.0.0.0').split('.').map(Number)).copy(packet, 12)
  return packet
}

/** Type of the first entry of a boot menu (PXE 2.1, option 43, tag 9). */
function menuItem(options: Buffer | undefined): number | undefined {
  for (let at = 0; options && at + 1 < options.length; at += 2 + options[at + 1]!)
    if (options[at] === 9) return options.readUInt16BE(at + 2)
  return undefined
}

/** The entry that was chosen (tag 71). */
const chosen = (item: number): [number, Buffer] => [43, Buffer.from([71, 4, item >> 8, item & 0xff, 0, 0, 255])]

/** Reads a file by TFTP (RFC 1350). */
async function tftp(server: string, file: string): Promise<unknown> {
  const socket = await openSocket(0)
  const blocks: Buffer[] = []
  const send = (packet: Buffer, port: number) => socket.send(packet, port, server)
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer')), answerMs)
      socket.on('message', (packet, { port }) => {
        const [code, block] = [packet.readUInt16BE(0), packet.readUInt16BE(2)]
        if (code === ack) {
          clearTimeout(timer)
          return resolve({ error: packet.toString('latin1', 4).replace(/\0.*$/, '') })
        }
        if (block === blocks.length + 1) blocks.push(packet.subarray(4))
        send(Buffer.from([0, 4, packet[2]!, packet[3]!]), port)
        if (packet.length - 4 >= 512) return
        clearTimeout(timer)
        resolve(digest(Buffer.concat(blocks)))
      })
      send(Buffer.concat([Buffer.from([0, 1]), Buffer.from(`${file}\0octet\0`)]), 69)
    })
  } finally {
    socket.close()
  }
}

async function http(url: string): Promise<unknown> {
  const response = await fetch(url)
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, ...digest(body), ...(body.length < 2_000 ? { text: body.toString() } : {}) }
}

const digest = (bytes: Buffer) => ({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })

async function run([command, ...args]: string[]): Promise<unknown> {
  if (command === 'tftp') return tftp(args[0]!, args[1]!)
  if (command === 'http') return http(args[0]!)
  const socket = await openSocket(68)
  try {
    const [server, ...rest] = command === 'ask-server' ? args : [undefined, ...args]
    const architecture = Number(rest[1])
    const message = {
      xid: 4_000 + architecture,
      mac: rest[0]!,
      type: dhcpTypes.discover,
      options: [...identity(architecture, rest[2] === 'ipxe'), ...(server && rest[2] ? [chosen(Number(rest[2]))] : [])],
    }
    if (server)
      return await ask(socket, { port: bootServerPort, address: server }, dhcpTypes.request, [dhcpTypes.ack], message)
    return await ask(socket, { port: 67, address: '255.255.255.255' }, dhcpTypes.discover, [dhcpTypes.offer], message)
  } finally {
    socket.close()
  }
}

const answers: unknown[] = []
for (const command of JSON.parse(process.argv[2]!) as string[][])
  answers.push(await run(command).catch((error: Error) => ({ failed: error.message })))
console.log(JSON.stringify(answers))
