import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseYamlText } from 'yaml'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { type Author, createHistory } from '../../platform/history.ts'
import type { Log } from '../../platform/log.ts'
import type { Paths } from '../../platform/paths.ts'
import { type BeforeWrite, createYamlFile, type YamlFile } from '../../platform/yaml-file.ts'
import { leaves } from './model.ts'

/** The secrets.yaml files: 0600 in 0700 folders, repaired with a warning when found wider. */
export interface SecretsStore {
  file(instance: string): YamlFile
  keep(instance: string, by: Author): BeforeWrite
  repairModes(instance: string): Promise<void>
  /** Keys and tokens outside secrets.yaml: generated/*, kubeconfig, talosconfig. */
  clusterSecrets(instance: string): Promise<string[]>
  forget(instance: string): void
}

/** A store over the data directory. */
export function createSecretsStore(paths: Paths, log: Log): SecretsStore {
  const files = new Map<string, YamlFile>()

  async function narrow(path: string, mode: number): Promise<void> {
    const info = await stat(path).catch(() => undefined)
    if (!info || (info.mode & 0o777 & ~mode) === 0) return
    log.warn({ path, mode: (info.mode & 0o777).toString(8) }, 'file with secrets was readable by others; narrowed')
    await chmod(path, mode)
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
      await narrow(places.root, 0o700)
      await narrow(places.secrets, 0o600)
    },
    async clusterSecrets(instance) {
      const places = paths.instance(instance)
      const generated = (await readdir(places.generated).catch(() => [])).map((name) => join(places.generated, name))
      const found: string[] = []
      for (const path of [...generated, places.kubeconfig, places.talosconfig])
        found.push(...(await secretLeaves(path)))
      return found
    },
    forget: (instance) => void files.delete(instance),
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
