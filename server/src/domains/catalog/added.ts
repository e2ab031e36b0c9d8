import { join } from 'node:path'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { type AppManifest, appManifest, type ServiceManifest, serviceManifest } from './model.ts'
import { parseManifest } from './store.ts'

/** The manifest an app was added with; undefined when it was not added, or when its file cannot be used any more. */
export async function addedApp(folder: string, name: string): Promise<AppManifest | undefined> {
  const text = await readFileIfThere(join(folder, 'manifest.yaml'))
  try {
    return text === undefined ? undefined : parseManifest(text, appManifest, name, folder)
  } catch {
    return undefined
  }
}

/** The manifest a service was installed with, likewise. */
export async function addedService(folder: string, name: string): Promise<ServiceManifest | undefined> {
  const text = await readFileIfThere(join(folder, 'manifest.yaml'))
  try {
    return text === undefined ? undefined : parseManifest(text, serviceManifest, name, folder)
  } catch {
    return undefined
  }
}
