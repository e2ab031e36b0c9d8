import type { Catalog } from '../catalog/index.ts'
import type { KnownSecret } from './model.ts'

/** What the catalog says of secrets, by path: who needs them and where they come from. */
export async function knownSecrets(catalog: Pick<Catalog, 'apps' | 'services'>): Promise<Map<string, KnownSecret>> {
  const known = new Map<string, KnownSecret>()
  const [services, apps] = await Promise.all([catalog.services(), catalog.apps()])
  for (const { manifest } of services)
    for (const { keys, kind, description } of manifest.secrets)
      for (const path of Object.values(keys)) known.set(path, { kind, owner: manifest.name, ...described(description) })
  for (const { manifest } of apps)
    for (const secret of manifest.secrets) {
      const description = 'description' in secret ? secret.description : undefined
      known.set(secret.path, { kind: secret.kind, owner: manifest.name, ...described(description) })
    }
  return known
}

function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description }
}
