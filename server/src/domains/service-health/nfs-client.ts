import { connect, type Socket } from 'node:net'

const portmapper = { program: 100_000, version: 2, getPort: 3, tcp: 6 }
const mount = { program: 100_005, version: 3, exports: 5 }
const nfs = { program: 100_003, version: 4, nothing: 0 }
const callMessage = 0
const rpcVersion = 2

/** XDR writes everything in words of four bytes, the high one first. */
const words = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) buffer.writeUInt32BE(value >>> 0, at * 4)
  return buffer
}

function readReply(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0)
    const fragments: Buffer[] = []
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 4) {
        const mark = held.readUInt32BE(0)
        const length = mark & 0x7fffffff
        if (length > 1_000_000) return reject(new Error('it does not speak NFS'))
        if (held.length < 4 + length) return
        fragments.push(held.subarray(4, 4 + length))
        held = held.subarray(4 + length)
        if (mark & 0x80000000) return resolve(Buffer.concat(fragments))
      }
    })
    socket.on('close', () => reject(new Error('it closed the connection')))
  })
}

/** The results of an accepted call, behind transaction, status and verifier (RFC 5531). */
function resultsOf(reply: Buffer): Buffer {
  const word = (at: number) => (reply.length >= at + 4 ? reply.readUInt32BE(at) : -1)
  const accepted = word(4) === 1 && word(8) === 0
  const verifier = Math.max(0, word(16))
  const done = 20 + Math.ceil(verifier / 4) * 4
  if (!accepted || word(done) !== 0) throw new Error('it refuses the question')
  return reply.subarray(done + 4)
}

interface Call {
  host: string
  port: number
  program: number
  version: number
  procedure: number
  body?: Buffer
  timeoutMs: number
}

/** One remote procedure call over TCP without credentials. Throws a plain error that says why. */
async function call({
  host,
  port,
  program,
  version,
  procedure,
  body = Buffer.alloc(0),
  timeoutMs,
}: Call): Promise<Buffer> {
  const socket = connect({ host, port })
  const timer = setTimeout(() => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })), timeoutMs)
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    const failed = new Promise<never>((_resolve, reject) => socket.once('error', reject))
    const credentials = words(0, 0, 0, 0)
    const message = Buffer.concat([words(1, callMessage, rpcVersion, program, version, procedure), credentials, body])
    socket.write(Buffer.concat([words(0x80000000 | message.length), message]))
    return resultsOf(await Promise.race([readReply(socket), failed]))
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Does an NFS 4 server answer there? Needs no rights. Throws with the reason when not. */
export async function askNfs(host: string, port: number, timeoutMs: number): Promise<void> {
  await call({ host, port, program: nfs.program, version: nfs.version, procedure: nfs.nothing, timeoutMs })
}

/** Folders a server says it exports, as `showmount` asks; undefined when it does not tell, as servers of NFS 4 alone may not. */
export async function exportsOf(
  host: string,
  portmapperPort: number,
  timeoutMs: number,
): Promise<string[] | undefined> {
  try {
    const ask = { program: portmapper.program, version: portmapper.version, procedure: portmapper.getPort }
    const body = words(mount.program, mount.version, portmapper.tcp, 0)
    const port = (await call({ host, port: portmapperPort, ...ask, body, timeoutMs })).readUInt32BE(0)
    if (port === 0) return undefined
    const list = { program: mount.program, version: mount.version, procedure: mount.exports }
    return readExports(await call({ host, port, ...list, timeoutMs }))
  } catch {
    return undefined
  }
}

/** The list of a MOUNT EXPORT answer (RFC 1813): folders, each with the groups that may have it. */
export function readExports(answer: Buffer): string[] {
  let at = 0
  const word = () => {
    const value = answer.readUInt32BE(at)
    at += 4
    return value
  }
  const text = () => {
    const length = word()
    if (at + length > answer.length) throw new RangeError('the answer is cut off')
    const value = answer.toString('utf8', at, at + length)
    at += Math.ceil(length / 4) * 4
    return value
  }
  const folders: string[] = []
  while (word() === 1) {
    folders.push(text())
    while (word() === 1) text()
  }
  return folders
}
