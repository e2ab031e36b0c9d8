import { join } from 'node:path'
import type { Author, History } from '../../platform/history.ts'
import type { Paths } from '../../platform/paths.ts'
import { createVersionedYaml, type VersionedYaml } from '../../platform/versioned-yaml.ts'
import type { BeforeWrite, YamlFile } from '../../platform/yaml-file.ts'

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

/** What to do when the file does not parse. */
const spoilt = 'Mend that line, or write an earlier version again: wild-cli config history list'

/** A store over the data directory. */
export function createConfigStore(paths: Paths): ConfigStore {
  const files = new Map<string, VersionedYaml>()

  function of(instance: string): VersionedYaml {
    const known = files.get(instance)
    if (known) return known
    const { config, history } = paths.instance(instance)
    const made = createVersionedYaml(config, `config.yaml of ${instance}`, join(history, 'config.yaml'), spoilt)
    files.set(instance, made)
    return made
  }

  return {
    file: (instance) => of(instance).file,
    history: (instance) => of(instance).history,
    keep: (instance, by) => of(instance).keep(by),
    noticeHandEdit: (instance) => of(instance).noticeHandEdit(),
    forget: (instance) => void files.delete(instance),
  }
}
