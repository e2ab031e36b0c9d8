import { isDeepStrictEqual } from 'node:util'
import { type Author, createHistory, type History, sha256 } from './history.ts'
import { type BeforeWrite, createYamlFile, parseYaml, type YamlFile } from './yaml-file.ts'
import { formatYamlPath, type PathSegment } from './yaml-path.ts'

/** A YAML file whose every text is a version, also what somebody wrote by hand. */
export interface VersionedYaml {
  readonly file: YamlFile
  readonly history: History
  /** Makes the text about to be written a version by this author, and the one before it, if nobody knew it, one by hand. */
  keep(by: Author): BeforeWrite
  /** Makes a version of what somebody wrote by hand. False when the newest version already says the same. */
  noticeHandEdit(): Promise<boolean>
}

const byHand: Author = { via: 'file', reason: 'edited by hand' }

/** The file at `path`, called `label` in messages, with its versions in `historyFolder`; `hint`: what to do when it does not parse. */
export function createVersionedYaml(path: string, label: string, historyFolder: string, hint?: string): VersionedYaml {
  const file = createYamlFile(path, label, { hint })
  const history = createHistory(historyFolder)

  /** Keeps a text that no version knows yet. */
  async function keepUnknown(text: string): Promise<boolean> {
    const newest = await history.latest()
    if (newest ? newest.sha256 === sha256(text) : text === '') return false
    const before = newest && (await history.text(newest.version))
    // The first one is what the file was made with.
    const author = newest ? byHand : { via: 'daemon', reason: 'the first one' }
    await history.keep(text, author, before === undefined ? [] : changedKeys(before, text))
    return true
  }

  return {
    file,
    history,
    keep: (by) => async (before, after) => {
      await keepUnknown(before)
      return async () => void (await history.keep(after, by, changedKeys(before, after)))
    },
    noticeHandEdit: () => file.raw(keepUnknown),
  }
}

const mostKeys = 100

/** Paths whose values differ between two texts, at most 100; none when one of them does not parse. */
export function changedKeys(before: string, after: string): string[] {
  const found: PathSegment[][] = []
  try {
    compare(parseYaml(before, 'text').tree, parseYaml(after, 'text').tree, [])
  } catch {
    return []
  }
  return found.slice(0, mostKeys).map(formatYamlPath)

  function compare(one: unknown, other: unknown, at: PathSegment[]): void {
    if (isDeepStrictEqual(one, other)) return
    if (!isTree(one) || !isTree(other)) return void found.push(at)
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) compare(one[key], other[key], [...at, key])
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
