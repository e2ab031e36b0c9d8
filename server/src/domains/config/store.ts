import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Author, createHistory, type History, sha256 } from '../../platform/history.ts'
import type { Paths } from '../../platform/paths.ts'
import { type BeforeWrite, createYamlFile, parseYaml, type YamlFile } from '../../platform/yaml-file.ts'
import { formatYamlPath, type PathSegment } from '../../platform/yaml-path.ts'

/** The config.yaml files, one writer queue each, and their history. */
export interface ConfigStore {
  file(instance: string): YamlFile
  history(instance: string): History
  /** Makes the text about to be written a version by this author, and the one before it, if nobody knew it, one by hand. */
  keep(instance: string, by: Author): BeforeWrite
  /** Makes a version of what somebody wrote by hand. False when the newest version already says the same. */
  noticeHandEdit(instance: string): Promise<boolean>
  /** Drops what is remembered of an instance that went away. */
  forget(instance: string): void
}

const byHand: Author = { via: 'file', reason: 'edited by hand' }

/** A store over the data directory. */
export function createConfigStore(paths: Paths): ConfigStore {
  const files = new Map<string, YamlFile>()
  const history = (instance: string) => createHistory(join(paths.instance(instance).history, 'config.yaml'))

  function file(instance: string): YamlFile {
    const known = files.get(instance)
    if (known) return known
    const made = createYamlFile(paths.instance(instance).config, `config.yaml of ${instance}`)
    files.set(instance, made)
    return made
  }

  /** Keeps a text that no version knows yet. */
  async function keepUnknown(instance: string, text: string): Promise<boolean> {
    const versions = history(instance)
    const newest = await versions.latest()
    if (newest ? newest.sha256 === sha256(text) : text === '') return false
    const before = newest && (await versions.text(newest.version))
    // The first one is what the instance was made with.
    const author = newest ? byHand : { via: 'daemon', reason: 'the first one' }
    await versions.keep(text, author, before === undefined ? [] : changedKeys(before, text))
    return true
  }

  return {
    file,
    history,
    keep: (instance, by) => async (before, after) => {
      await keepUnknown(instance, before)
      return async () => void (await history(instance).keep(after, by, changedKeys(before, after)))
    },
    noticeHandEdit: (instance) => file(instance).raw((text) => keepUnknown(instance, text)),
    forget: (instance) => void files.delete(instance),
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
