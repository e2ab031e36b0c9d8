import { createHash } from 'node:crypto'
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, readFileIfThere, writeFileAtomic } from './atomic-file.ts'

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

/** A history folder; made on first use. */
export function createHistory(folder: string, options: { secret?: boolean } = {}): History {
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

  return {
    async keep(text, author, keys) {
      await makeDirectory(folder, { secret: options.secret })
      const numbers = (await readdir(folder)).map((name) => Number.parseInt(name, 10)).filter((n) => n > 0)
      const version: Version = {
        version: Math.max(0, ...numbers) + 1,
        at: new Date().toISOString(),
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
      return version
    },
    list,
    latest: async () => (await list()).at(-1),
    async text(version) {
      return readFile(join(folder, `${version}.yaml`), 'utf8').catch(() => undefined)
    },
  }
}
