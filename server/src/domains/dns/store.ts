import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import { type DnsSettings, dnsSettings } from './model.ts'

/** A change of DHCP that is taken back unless somebody confirms it. */
export interface Trial {
  /** ISO 8601. */
  until: string
  /** What to go back to; absent when nothing was set before. */
  settings?: DnsSettings
}

/** Settings in central.yaml, and the files of dnsmasq in their own folder. */
export interface DnsStore {
  /** Undefined when nothing was set yet. Throws CONFIG_INVALID naming the key that makes no sense. */
  settings(): Promise<DnsSettings | undefined>
  save(settings: DnsSettings | undefined): Promise<void>
  /** The configuration file as it is; undefined when there is none. */
  conf(): Promise<string | undefined>
  /** Replaces it; the one before stays as `previous.conf`. */
  write(conf: string): Promise<void>
  trial(): Promise<Trial | undefined>
  setTrial(trial: Trial | undefined): Promise<void>
  readonly places: { folder: string; conf: string; draft: string; leases: string; log: string }
}

/** A store over the data directory. */
export function createDnsStore(folder: string, logs: string, central: YamlFile): DnsStore {
  const places = {
    folder,
    conf: join(folder, 'dnsmasq.conf'),
    draft: join(folder, 'draft.conf'),
    leases: join(folder, 'leases'),
    log: join(logs, 'dnsmasq.log'),
  }
  const trialFile = join(folder, 'trial.json')
  return {
    places,
    async settings() {
      const { tree } = await central.read()
      const section = tree.dnsmasq
      if (section === undefined || section === null) return undefined
      const parsed = dnsSettings.safeParse(section)
      if (parsed.success) return parsed.data
      const [issue] = parsed.error.issues
      const field = ['dnsmasq', ...(issue?.path ?? [])].join('.')
      throw new WildError('CONFIG_INVALID', `central.yaml does not make sense at ${field}: ${issue?.message}`, {
        field,
      })
    },
    async save(settings) {
      await central.change([{ path: ['dnsmasq'], value: settings }])
    },
    conf: () => readFileIfThere(places.conf),
    async write(conf) {
      await makeDirectory(folder)
      await copyFile(places.conf, join(folder, 'previous.conf')).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      await writeFileAtomic(places.conf, conf)
    },
    async trial() {
      const text = await readFileIfThere(trialFile)
      try {
        return text ? (JSON.parse(text) as Trial) : undefined
      } catch {
        return undefined
      }
    },
    async setTrial(trial) {
      if (trial) await writeFileAtomic(trialFile, JSON.stringify(trial), { mode: 0o600 })
      else await rm(trialFile, { force: true })
    },
  }
}
