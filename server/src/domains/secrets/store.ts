import { chmod, lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parse as parseYamlText } from 'yaml'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { type Author, createHistory } from '../../platform/history.ts'
import type { Log } from '../../platform/log.ts'
import type { Paths } from '../../platform/paths.ts'
import { type BeforeWrite, createYamlFile, type YamlFile } from '../../platform/yaml-file.ts'
import { leaves } from './model.ts'

/**
 * The secrets.yaml files: 0600 in 0700 folders, repaired with a warning when found wider. This interface is the seam for
 * keeping them otherwise, such as encrypted: nothing else reads or writes them, and a YamlFile promises no file format.
 */
export interface SecretsStore {
  file(instance: string): YamlFile
  keep(instance: string, by: Author): BeforeWrite
  /** Narrows what is wider than it may be. Warnings stay in `warnings` while the daemon runs. */
  repairModes(instance: string): Promise<void>
  warnings(instance: string): string[]
  /** Paths whose values were made by us outside any catalog entry; the value of a secret tells nothing of it. */
  generated(instance: string): Promise<Set<string>>
  noteGenerated(instance: string, path: string, generated: boolean): Promise<void>
  /** Keys and tokens outside secrets.yaml: generated/*, kubeconfig, talosconfig. */
  clusterSecrets(instance: string): Promise<string[]>
  forget(instance: string): void
}

/** A store over the data directory. */
export function createSecretsStore(paths: Paths, log: Log): SecretsStore {
  const files = new Map<string, YamlFile>()

  const warned = new Map<string, Set<string>>()
  let notes: Promise<unknown> = Promise.resolve()

  function warn(instance: string, text: string): void {
    const known = warned.get(instance) ?? new Set()
    warned.set(instance, known.add(text))
  }

  async function narrow(instance: string, path: string, mode: number): Promise<void> {
    const info = await lstat(path).catch(() => undefined)
    const name = relative(paths.data, path)
    // What a link leads to is somebody else's; it is not touched.
    if (info?.isSymbolicLink())
      return warn(instance, `${name} is a link; see to the permissions of its target yourself.`)
    if (!info || (info.mode & 0o777 & ~mode) === 0) return
    const found = (info.mode & 0o777).toString(8)
    log.warn({ path, mode: found }, 'file with secrets was readable by others; narrowed')
    // Only ever narrower: what was read-only stays so.
    const left = info.mode & mode
    await chmod(path, left)
    const done = left.toString(8)
    warn(instance, `${name} was open to others (mode ${found}); it is ${done} now. Consider changing its secrets.`)
  }

  const noteFile = (instance: string) => join(paths.instance(instance).state, 'generated-secrets.json')

  async function generated(instance: string): Promise<Set<string>> {
    try {
      const found: unknown = JSON.parse((await readFileIfThere(noteFile(instance))) ?? '[]')
      return new Set(Array.isArray(found) ? found.filter((path) => typeof path === 'string') : [])
    } catch (error) {
      // A note that cannot be understood is no reason to hide the secrets.
      if (error instanceof SyntaxError) return new Set()
      throw error
    }
  }

  async function changeNote(instance: string, path: string, made: boolean): Promise<void> {
    const known = await generated(instance)
    if (known.has(path) === made) return
    if (made) known.add(path)
    else known.delete(path)
    await writeFileAtomic(noteFile(instance), `${JSON.stringify([...known].sort(), null, 2)}\n`, { mode: 0o600 })
  }

  return {
    file(instance) {
      const known = files.get(instance)
      if (known) return known
      const file = createYamlFile(paths.instance(instance).secrets, `secrets.yaml of ${instance}`, { mode: 0o600 })
      files.set(instance, file)
      return file
    },
    keep: (instance, by) => async (before) => {
      if (before)
        await createHistory(join(paths.instance(instance).history, 'secrets.yaml'), { secret: true }).keep(before, by)
    },
    async repairModes(instance) {
      const places = paths.instance(instance)
      await narrow(instance, places.root, 0o700)
      await narrow(instance, places.secrets, 0o600)
    },
    warnings: (instance) => [...(warned.get(instance) ?? [])],
    generated,
    noteGenerated(instance, path, made) {
      const next = notes.then(() => changeNote(instance, path, made))
      notes = next.catch(() => undefined)
      return next
    },
    async clusterSecrets(instance) {
      const places = paths.instance(instance)
      const generated = (await readdir(places.generated).catch(() => [])).map((name) => join(places.generated, name))
      const found: string[] = []
      for (const path of [...generated, places.kubeconfig, places.talosconfig])
        found.push(...(await secretLeaves(path)))
      return found
    },
    forget(instance) {
      files.delete(instance)
      warned.delete(instance)
    },
  }
}

const secretKeys =
  /^(key|token|secret|bootstraptoken|secretboxencryptionsecret|aescbcencryptionsecret|client-key-data|password)$/i

/** Values below keys that name a secret, in a machine config, talosconfig or kubeconfig. */
async function secretLeaves(path: string): Promise<string[]> {
  const text = await readFileIfThere(path).catch(() => undefined)
  if (!text) return []
  try {
    return collect(parseYamlText(text))
  } catch {
    return []
  }
}

function collect(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(collect)
  if (!value || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    secretKeys.test(key) && typeof inner !== 'object' ? leaves(inner) : collect(inner),
  )
}
