import { WebSocket } from 'ws'
import { CommandError, ConnectionError, ServerError } from '../errors.ts'
import { bool, type Flags, known, text } from '../flags.ts'
import { type Mapping, pathOf } from '../mapper.ts'
import type { Session } from '../session.ts'

export const execFlags: Flags = {
  container: text('c'),
  stdin: bool('i'),
  tty: bool('t'),
  quiet: bool('q'),
  ...known('filename pod-running-timeout'),
}

const pods: Mapping = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: [],
  namespaced: true,
}

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 }
const largestPiece = 32 * 1024

interface Status {
  status?: string
  message?: string
  details?: { causes?: { reason?: string; message?: string }[] }
}

/** `exec`: runs a command in a container over `v5.channel.k8s.io`; ends with the command's own exit code. */
export async function exec(session: Session): Promise<void> {
  const { flags } = session
  const [name, ...command] = flags.args
  if (name === undefined) throw new CommandError('pod, type/name or --filename must be specified')
  if (command.length === 0) throw new CommandError('you must specify at least one command for the container')
  if (flags.is('tty')) throw new CommandError("the lab's containers have no terminal: leave out --tty")
  const namespace = await session.namespace()
  const pod = await (await session.client()).json({ path: pathOf(pods, namespace, name) })
  const names = (pod.spec.containers as { name: string }[]).map((one) => one.name)
  const container = flags.text('container') ?? names[0]!
  if (flags.text('container') === undefined && names.length > 1)
    session.err(`Defaulted container "${container}" out of: ${names.join(', ')}\n`)
  if (['Succeeded', 'Failed'].includes(pod.status?.phase))
    throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`)
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' })
  if (flags.is('stdin')) query.set('stdin', 'true')
  for (const word of command) query.append('command', word)
  const status = await talk(await connect(session, `${pathOf(pods, namespace, name)}/exec?${query}`), flags.is('stdin'))
  if (status.status === 'Success') return
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message
  if (code === undefined) throw new CommandError(status.message ?? 'unknown error')
  throw new CommandError(`command terminated with exit code ${code}`, Number(code))
}

async function connect(session: Session, path: string): Promise<WebSocket> {
  const { server, ca, cert, key } = await session.connection()
  const url = new URL(path, server)
  url.protocol = 'wss:'
  const socket = new WebSocket(url, ['v5.channel.k8s.io'], { ca, cert, key, perMessageDeflate: false })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', (error) =>
      reject(new ConnectionError(`error: unable to upgrade connection: ${error.message}`)),
    )
    socket.once('unexpected-response', (_request, response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const status = JSON.parse(Buffer.concat(parts).toString())
        reject(
          status.reason === 'InternalError'
            ? new CommandError(`unable to upgrade connection: ${status.message}`)
            : new ServerError(status),
        )
      })
    })
  })
}

/** Carries both ways until the command has ended; its status. */
async function talk(socket: WebSocket, withStdin: boolean): Promise<Status> {
  let status: Status | undefined
  socket.on('message', (data: Buffer) => {
    const [from] = data
    const bytes = data.subarray(1)
    if (from === channel.error) status = JSON.parse(bytes.toString()) as Status
    const out = from === channel.stdout ? process.stdout : from === channel.stderr ? process.stderr : undefined
    if (out === undefined || out.write(bytes)) return
    socket.pause()
    out.once('drain', () => socket.resume())
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  process.stdout.on('error', () => socket.terminate())
  if (withStdin) void sendStdin(socket)
  await closed
  process.stdin.destroy()
  return status ?? { message: 'the connection was closed before the command had ended' }
}

async function sendStdin(socket: WebSocket): Promise<void> {
  try {
    for await (const chunk of process.stdin)
      for (let at = 0; at < chunk.length; at += largestPiece) {
        const piece = Buffer.concat([Buffer.from([channel.stdin]), chunk.subarray(at, at + largestPiece)])
        await new Promise<void>((resolve) => socket.send(piece, () => resolve()))
      }
    socket.send(Buffer.from([channel.close, channel.stdin]))
  } catch {
    // The command ended before it had read everything.
  }
}
