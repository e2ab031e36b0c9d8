import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { WebSocket } from 'ws'

/** Channels of `v5.channel.k8s.io`: the first byte of every message says which. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const
export const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const

/** What the server says on the error channel when the command has ended. */
export function exitStatus(code: number): object {
  if (code === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
    code: 500,
  }
}

const send = (socket: WebSocket, to: number, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => socket.send(Buffer.concat([Buffer.from([to]), bytes]), () => resolve()))

async function forward(socket: WebSocket, from: Readable, to: number): Promise<void> {
  // The next piece is read once the last one is on its way: a slow reader slows the program, as a pipe does.
  for await (const chunk of from) await send(socket, to, chunk as Buffer)
}

function listen(socket: WebSocket, child: ChildProcess): void {
  const stdin = child.stdin!
  stdin.on('error', () => undefined)
  socket.on('message', (data: Buffer) => {
    const [to] = data
    if (to === channel.close && data[1] === channel.stdin) stdin.end()
    if (to !== channel.stdin) return
    if (stdin.write(data.subarray(1))) return
    socket.pause()
    stdin.once('drain', () => socket.resume())
  })
}

/** Connects a process to a client over a WebSocket until the process has ended; one whose client goes away is ended. */
export async function serveProcess(socket: WebSocket, child: ChildProcess, wantsStdin: boolean): Promise<void> {
  const gone = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  socket.on('close', gone)
  if (wantsStdin) listen(socket, child)
  else child.stdin!.end()
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 127 : 126))
    child.once('close', (code) => resolve(code ?? 137))
  })
  const forwarded = Promise.all([
    forward(socket, child.stdout!, channel.stdout),
    forward(socket, child.stderr!, channel.stderr),
  ]).catch(() => undefined)
  const code = await ended
  await forwarded
  socket.off('close', gone)
  await send(socket, channel.error, Buffer.from(JSON.stringify(exitStatus(code))))
  socket.close(1000)
}
