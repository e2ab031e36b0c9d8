import { createServer, type Socket } from 'node:net'
import { LabError } from './settings.ts'

const nfsPort = 2049
const nfsProgram = 100_003
const nfsVersion = 4
const lastFragment = 0x80000000
const [accepted, success, programUnavailable, mismatch, procedureUnavailable] = [0, 0, 1, 2, 3]

const words = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) buffer.writeUInt32BE(value >>> 0, at * 4)
  return buffer
}

/** What an NFS 4 server without a portmapper says to a call (RFC 5531): it knows the question that asks for nothing. */
function answerTo(call: Buffer): Buffer {
  const [id, program, version, procedure] = [0, 12, 16, 20].map((at) => call.readUInt32BE(at)) as [
    number,
    number,
    number,
    number,
  ]
  const reply = (...status: number[]) => words(id, 1, accepted, 0, 0, ...status)
  if (program !== nfsProgram) return reply(programUnavailable)
  if (version !== nfsVersion) return reply(mismatch, nfsVersion, nfsVersion)
  return reply(procedure === 0 ? success : procedureUnavailable)
}

/** Answers each call of a connection; what is no call ends it. */
function serve(socket: Socket): void {
  let held = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4) {
      const length = held.readUInt32BE(0) & ~lastFragment
      if (length < 24 || length > 1_000_000) return socket.destroy()
      if (held.length < 4 + length) return
      const answer = answerTo(held.subarray(4, 4 + length))
      socket.write(Buffer.concat([words(lastFragment | answer.length), answer]))
      held = held.subarray(4 + length)
    }
  })
}

/** The machine on the LAN that keeps films and photos: an NFS 4 server that tells it is there. Throws LabError when the address is taken. */
export async function startStorageMachine(address: string): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new LabError(`cannot listen on ${address}:${nfsPort}: ${error.message}`)))
    server.listen(nfsPort, address, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
