import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { WildError } from '../platform/errors.ts'
import type { RunTool, ToolCall, ToolResult } from '../platform/run-tool.ts'

/** A repository and how to open it. Everything secret goes by the environment, never in arguments. */
export interface ResticRepository {
  /** As restic takes it: an absolute path, `sftp:…`, `s3:…`, `rest:…`. */
  repository: string
  password: string
  /** Access keys of the place, if it wants some. */
  keys: Record<string, string>
  /** Folder of restic's cache. */
  cache: string
}

/** A snapshot of one stream. */
export interface ResticSnapshot {
  id: string
  time: string
  tags: string[]
}

/** restic, one method per command the daemon uses (facts/tools.md 7). */
export interface Restic {
  /** `absent` when there is no repository at that place. Throws when it cannot be reached or the password is wrong. */
  state(): Promise<'ready' | 'absent'>
  init(): Promise<void>
  /** One snapshot of a stream under a file name; its id. A stream that fails leaves no snapshot. */
  save(source: Readable, as: { file: string; host: string; tags: string[] }): Promise<string>
  /** The content of a file of a snapshot. */
  dump(snapshot: string, file: string, into: Writable): Promise<void>
  /** Those with this tag, oldest first. */
  snapshots(tag: string): Promise<ResticSnapshot[]>
  /** Removes snapshots, and what only they needed. */
  forget(snapshots: string[]): Promise<void>
  /** Throws TOOL_FAILED when the repository is damaged. */
  check(): Promise<void>
}

const snapshotList = z.array(z.looseObject({ id: z.string(), time: z.string(), tags: z.array(z.string()).nullish() }))
const summary = z.looseObject({ message_type: z.literal('summary'), snapshot_id: z.string() })

const shortMs = 120_000
const dayMs = 24 * 3_600_000

/** 0.14 answers 1 for everything: cases are told apart by what it says. */
const says = {
  absent:
    /Is there a repository at the following location|repository does not exist|The specified bucket does not exist/i,
  password: /wrong password or no key found/i,
  full: /no space left on device|disk quota exceeded|QuotaExceeded|XMinioStorageFull|not enough space/i,
  locked: /repository is already locked/i,
  damaged:
    /ciphertext verification failed|hash mismatch|[Ll]oad\(?<|Pack ID does not match|(pack|blob|tree).*not found|contains errors|does not exist in|invalid data returned|unexpected EOF/i,
}

/** The adapter of one repository over a runner. */
export function createRestic(run: RunTool, place: ResticRepository): Restic {
  const env = {
    RESTIC_REPOSITORY: place.repository,
    RESTIC_PASSWORD: place.password,
    RESTIC_CACHE_DIR: place.cache,
    RESTIC_PROGRESS_FPS: '0.1',
    ...place.keys,
  }

  async function call(args: string[], rest: Partial<ToolCall> = {}): Promise<ToolResult> {
    try {
      return await run({ tool: 'restic', args, env, captureOnly: true, timeoutMs: shortMs, ...rest })
    } catch (error) {
      throw explained(error, place.repository)
    }
  }

  return {
    async state() {
      const { exitCode, stderr } = await call(['cat', 'config'], { okExits: [0, 1, 10] })
      if (exitCode === 0) return 'ready'
      if (exitCode === 10 || says.absent.test(stderr)) return 'absent'
      throw explained(
        new WildError('TOOL_FAILED', `restic cat failed: ${stderr.trim().split('\n')[0]?.slice(0, 500)}`, {
          tool: 'restic',
          exit_code: exitCode,
          output: stderr.slice(-4_000),
        }),
        place.repository,
      )
    },
    async init() {
      await call(['init'])
    },
    async save(source, { file, host, tags }) {
      const marks = tags.flatMap((tag) => ['--tag', tag])
      const args = ['backup', '--stdin', '--stdin-filename', file, '--host', host, ...marks, '--json', '--quiet']
      const { stdout } = await call(args, { from: source, timeoutMs: dayMs })
      for (const line of stdout.trim().split('\n').reverse()) {
        const found = summary.safeParse(parseJson(line))
        if (found.success) return found.data.snapshot_id
      }
      throw notUnderstood('backup', stdout)
    },
    async dump(snapshot, file, into) {
      await call(['dump', snapshot, file], { into, timeoutMs: dayMs })
    },
    async snapshots(tag) {
      const { stdout } = await call(['snapshots', '--json', '--tag', tag])
      const found = snapshotList.safeParse(parseJson(stdout))
      if (!found.success) throw notUnderstood('snapshots', stdout)
      return found.data.map(({ id, time, tags }) => ({ id, time, tags: tags ?? [] }))
    },
    async forget(snapshots) {
      if (snapshots.length === 0) return
      // Locks of processes that died would make pruning wait for ever; this removes only those.
      await call(['unlock'])
      await call(['forget', '--prune', ...snapshots], { timeoutMs: dayMs })
    },
    async check() {
      await call(['check'], { timeoutMs: dayMs })
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function notUnderstood(command: string, stdout: string): WildError {
  return new WildError('TOOL_FAILED', `restic ${command} printed something the daemon does not understand.`, {
    tool: 'restic',
    output: stdout.slice(0, 500),
  })
}

/** restic's failures that a person can do something about, in their words. */
function explained(error: unknown, repository: string): unknown {
  if (!(error instanceof WildError) || error.code !== 'TOOL_FAILED') return error
  const { exit_code: exit, output } = error.details
  const said = `${error.message} ${String(output ?? '')}`
  const details = { ...error.details, repository }
  const as = (code: WildError['code'], message: string, more = {}) =>
    new WildError(code, message, { ...details, ...more }, { cause: error })
  if (exit === 12 || says.password.test(said))
    return as(
      'CONFLICT',
      `The backup password does not fit the repository ${repository}. Set the one it was made with.`,
      {
        field: 'password',
      },
    )
  if (says.full.test(said))
    return as('DISK_FULL', `The backup target ${repository} is full. Free some space there, or keep fewer backups.`)
  if (exit === 11 || says.locked.test(said))
    return as('CONFLICT', `Another program is working on the repository ${repository}. Try again when it has ended.`)
  if (says.damaged.test(said))
    return as(
      'TOOL_FAILED',
      `The repository ${repository} is damaged. Keep it as it is and take another backup to another place.`,
    )
  return error
}
