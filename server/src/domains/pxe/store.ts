import { WildError } from '../../platform/errors.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import { initialSettings, type PxeSettings, pxeSettings } from './model.ts'

/** The section `pxe` of central.yaml. */
export interface PxeStore {
  /** Throws CONFIG_INVALID naming the key that makes no sense. */
  settings(): Promise<PxeSettings>
  save(settings: PxeSettings): Promise<void>
}

/** A store over central.yaml. */
export function createPxeStore(central: YamlFile): PxeStore {
  return {
    async settings() {
      const section = (await central.read()).tree.pxe
      if (section === undefined || section === null) return initialSettings
      const parsed = pxeSettings.safeParse({ ...initialSettings, ...(section as object) })
      if (parsed.success) return parsed.data
      const [issue] = parsed.error.issues
      const field = ['pxe', ...(issue?.path ?? [])].join('.')
      throw new WildError('CONFIG_INVALID', `central.yaml does not make sense at ${field}: ${issue?.message}`, {
        field,
      })
    },
    async save(settings) {
      await central.change([{ path: ['pxe'], value: settings }])
    },
  }
}
