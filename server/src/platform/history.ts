import { createHash } from 'node:crypto'
import { appendFile, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, readFileIfThere, writeFileAtomic } from './atomic-file.ts'
import { type Clock, systemClock } from './clock.ts'

/** Who changed something, and why. */
export interface Author {
  /** Door the change came through: web, cli, api, file (by hand) or daemon. */
  via: string
  /** For people: "config set cluster.name", "node.setup control-1". */
  reason: string
}

export interface Version {
  version: number
  at: string
  via: string
  reason: string
  sha256: string
  /** Paths that differ from the version before; absent in versions of old daemons. */
  keys?: string[]
}

/**
 * How much is kept of each file: the newest versions, and beyond them those of the last days; never more than `most`.
 * Older ones are removed when there are `batch` of them, so that not every change writes the list anew.
 */
export const kept = { newest: 200, days: 90, most: 2000, batch: 20 } as const

/** Earlier texts of one file, in a folder of its own: `<n>.yaml` and `versions.jsonl`. Files that hold secrets stay 0600 in 0700. */
export interface History {
  /** Keeps `text` as a version by this author: one about to be replaced, or one just written with the `keys` it changed. */
  keep(text: string, author: Author, keys?: string[]): Promise<Version>
  /** The newest version whose text is still there. */
  latest(): Promise<Version | undefined>
  list(): Promise<Version[]>
  text(version: number): Promise<string | undefined>
}

/** Fingerprint of a text, as versions carry it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A history folder; made on first use. What is kept of it is told by `kept`. */
export function createHistory(folder: string, options: { secret?: boolean; clock?: Pick<Clock, 'now'> } = {}): History {
  const clock = options.clock ?? systemClock
  const mode = options.secret ? 0o600 : 0o644
  const index = join(folder, 'versions.jsonl')

  async function list(): Promise<Version[]> {
    const text = (await readFileIfThere(index)) ?? ''
    return text.split('\n').flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as Version] : []
      } catch {
        return []
      }
    })
  }

  /** Removes what is no longer kept. The list goes first: what it does not name any more is not missed. */
  async function prune(): Promise<void> {
    const all = await list()
    const stay = versionsToKeep(all, clock.now())
    if (all.length - stay.length < kept.batch) return
    await writeFileAtomic(index, stay.map((version) => `${JSON.stringify(version)}\n`).join(''), { mode })
    const oldest = stay[0]!.version
    // Also what an earlier time left behind when the power went.
    for (const number of await numbers()) if (number < oldest) await rm(join(folder, `${number}.yaml`), { force: true })
  }

  async function numbers(): Promise<number[]> {
    return (await readdir(folder)).map((name) => Number.parseInt(name, 10)).filter((number) => number > 0)
  }

  return {
    async keep(text, author, keys) {
      await makeDirectory(folder, { secret: options.secret })
      const version: Version = {
        version: Math.max(0, ...(await numbers())) + 1,
        at: new Date(clock.now()).toISOString(),
        via: author.via,
        reason: author.reason,
        sha256: sha256(text),
        ...(keys ? { keys } : {}),
      }
      await writeFileAtomic(join(folder, `${version.version}.yaml`), text, { mode })
      // A power cut may have left half a line; it must not swallow this one.
      const before = (await readFileIfThere(index)) ?? ''
      const lineEnd = before === '' || before.endsWith('\n') ? '' : '\n'
      await appendFile(index, `${lineEnd}${JSON.stringify(version)}\n`, { mode })
      // A history that is too long is no reason to refuse a change.
      await prune().catch(() => undefined)
      return version
    },
    list,
    latest: async () => (await list()).at(-1),
    async text(version) {
      return readFile(join(folder, `${version}.yaml`), 'utf8').catch(() => undefined)
    },
  }
}

/** The newest of a list (oldest first) by the rule of `kept`, at `now` in milliseconds. Always a tail of the list. */
export function versionsToKeep(all: Version[], now: number): Version[] {
  const since = now - kept.days * 24 * 60 * 60 * 1000
  let first = Math.max(0, all.length - kept.newest)
  while (first > 0 && all.length - first < kept.most && Date.parse(all[first - 1]!.at) >= since) first--
  return all.slice(first)
}
