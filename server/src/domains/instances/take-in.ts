import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exists, temporaryName } from '../../platform/atomic-file.ts'
import type { Paths } from '../../platform/paths.ts'
import { createYamlFile } from '../../platform/yaml-file.ts'
import { damaged } from './archive/seal.ts'
import type { Instance } from './model.ts'
import type { InstancesService } from './service.ts'
import { alreadyThere, type InstanceStore } from './store.ts'

export interface TakeInDeps {
  store: InstanceStore
  instances: InstancesService
  paths: Paths
}

/** Makes an instance of files that `fill` writes into an empty folder. */
export type TakeIn = (name: string, fill: (folder: string) => Promise<unknown>) => Promise<Instance>

/**
 * Takes instances in, whole or not at all. Throws ALREADY_EXISTS when the name is taken, CONFIG_INVALID when config or
 * secrets do not parse, INVALID_INPUT when it is no instance.
 */
export function createTakeIn({ store, instances, paths }: TakeInDeps): TakeIn {
  return async (name, fill) => {
    if (await exists(paths.instance(name).root)) throw alreadyThere(name, 'Take another name.')
    await store.prepare()
    const temporary = temporaryName(paths.instance(name).root)
    try {
      await fill(temporary)
      await checkInstanceFiles(temporary)
      await store.place(temporary, name)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
    return instances.appeared(name)
  }
}

/** Throws CONFIG_INVALID when config or secrets do not parse, INVALID_INPUT when it is no instance at all. */
export async function checkInstanceFiles(folder: string): Promise<void> {
  for (const name of ['config.yaml', '.wildcloud'])
    if (!(await exists(join(folder, name)))) throw damaged(`it holds no ${name}`)
  for (const file of ['config.yaml', 'secrets.yaml']) await createYamlFile(join(folder, file), file).read()
}
