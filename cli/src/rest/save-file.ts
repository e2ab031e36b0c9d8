import { createWriteStream } from 'node:fs'
import { lstat, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { CliError, exitCodes, fileReason, usageError } from '../errors.ts'
import type { RestClient } from './client.ts'

interface Wanted {
  method: 'GET' | 'POST'
  path: string
  /** The file to write (0600); it must not be there yet. */
  to: string
  /** Name of the file while it is not whole. Where the daemon sends ranges, what it holds is gone on with. */
  part: string
}

const tries = 5
const firstPauseMs = 500

/**
 * Saves what the daemon answers, of any length, and moves it into place when it is whole. A connection that breaks is
 * made again and goes on where it broke. Resolves with the bytes.
 */
export async function saveFile(api: RestClient, { method, path, to, part }: Wanted): Promise<number> {
  await refuseTaken(to)
  const resumes = method === 'GET'
  if (!resumes) await rm(part, { force: true })
  for (let failures = 0; ; ) {
    const before = await sizeOf(part)
    const problem = await takeOnce(api, { method, path, part, from: resumes ? before : 0 })
    if (problem === undefined) break
    const after = await sizeOf(part)
    failures = after > before ? 0 : failures + 1
    if (!resumes) await rm(part, { force: true })
    if (!resumes || failures >= tries) throw lost(api, resumes, problem)
    await delay(firstPauseMs * 2 ** failures)
  }
  await rename(part, to)
  return sizeOf(to)
}

/** What broke the connection; undefined when the file is whole. Throws what cannot be tried again. */
async function takeOnce(
  api: RestClient,
  { method, path, part, from }: { method: 'GET' | 'POST'; path: string; part: string; from: number },
): Promise<unknown> {
  try {
    const answer = await api.bytes(method, path, from)
    const file = createWriteStream(part, { flags: answer.from > 0 ? 'a' : 'w', mode: 0o600 })
    await pipeline(Readable.fromWeb(answer.body as never), file)
    const size = await sizeOf(part)
    return answer.size === undefined || answer.size === size ? undefined : new Error(`${size} bytes came`)
  } catch (error) {
    if (error instanceof CliError && error.exit !== exitCodes.unreachable) throw error
    if (['open', 'write'].includes((error as NodeJS.ErrnoException).syscall ?? ''))
      throw usageError(`${part} cannot be written: ${fileReason(error)}.`)
    return error
  }
}

function lost(api: RestClient, resumes: boolean, problem: unknown): CliError {
  if (problem instanceof CliError) return problem
  const next = resumes
    ? 'Run the command again: it goes on where it broke.'
    : 'Run the command again. If it breaks at the same place the backup may be damaged: wild-cli backup verify BACKUP'
  return new CliError(
    exitCodes.unreachable,
    `The connection to the daemon at ${api.url} broke before the file was whole.`,
    {
      code: 'DAEMON_UNREACHABLE',
      next: [next],
    },
  )
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}

async function refuseTaken(to: string): Promise<void> {
  const there = await lstat(to).catch(() => undefined)
  if (there) throw usageError(`${to} is there already.`, 'Name another file.')
}
