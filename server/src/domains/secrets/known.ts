import { type Catalog, secretNeedsOf } from '../catalog/index.ts'
import type { KnownSecret } from './model.ts'

/**
 * What the catalog says of secrets, by path: who needs them and where they come from. `isThere` tells whether an app was
 * added or a service configured: only what such an entry declares is missing when nobody set it.
 */
export async function knownSecrets(
  catalog: Pick<Catalog, 'apps' | 'services'>,
  isThere: (of: 'app' | 'service', name: string) => Promise<boolean>,
): Promise<Map<string, KnownSecret>> {
  const known = new Map<string, KnownSecret>()
  const [services, apps] = await Promise.all([catalog.services(), catalog.apps()])
  for (const { manifest } of services) {
    const wanted = manifest.secrets.length > 0 && (await isThere('service', manifest.name))
    for (const { path, kind, optional, description } of secretNeedsOf(manifest))
      note(path, { kind, optional, wanted, owner: manifest.name, ...described(description) })
  }
  for (const { manifest } of apps) {
    const wanted = manifest.secrets.length > 0 && (await isThere('app', manifest.name))
    for (const secret of manifest.secrets) {
      const { kind, path } = secret
      const given = kind === 'supplied' ? secret : undefined
      const optional = given?.optional === true
      note(path, { kind, optional, wanted, owner: manifest.name, ...described(given?.description) })
    }
  }
  return known

  /** Several may use one secret: it is wanted by whoever is there, and the first of those stands for it. */
  function note(path: string, next: KnownSecret): void {
    const before = known.get(path)
    if (!before || (next.wanted && !before.wanted)) known.set(path, next)
    else if (next.wanted && !next.optional) known.set(path, { ...before, optional: false })
  }
}

function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description }
}
