import { join } from 'node:path'
import { type Author, createHistory } from '../../platform/history.ts'
import type { Paths } from '../../platform/paths.ts'
import { type BeforeWrite, createYamlFile, type YamlFile } from '../../platform/yaml-file.ts'

/** The config.yaml files, one writer queue each, and their history. */
export interface ConfigStore {
  file(instance: string): YamlFile
  /** Keeps the text about to be replaced as a version by this author. */
  keep(instance: string, by: Author): BeforeWrite
  /** Drops what is remembered of an instance that went away. */
  forget(instance: string): void
}

/** A store over the data directory. */
export function createConfigStore(paths: Paths): ConfigStore {
  const files = new Map<string, YamlFile>()
  return {
    file(instance) {
      const known = files.get(instance)
      if (known) return known
      const file = createYamlFile(paths.instance(instance).config, `config.yaml of ${instance}`)
      files.set(instance, file)
      return file
    },
    keep: (instance, by) => async (before) => {
      await createHistory(join(paths.instance(instance).history, 'config.yaml')).keep(before, by)
    },
    forget: (instance) => void files.delete(instance),
  }
}
