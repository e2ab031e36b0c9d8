import { type AppEntry, manifestFile } from '../entries.ts'
import { bare } from '../scenarios.ts'
import { appsOf, objectsOf, type World } from '../world.ts'
import type { Rule } from './rule.ts'

/** Names of the claims an app makes, those of StatefulSets as Kubernetes calls them. */
export function claimsMadeBy(world: World, entry: AppEntry): string[] {
  return objectsOf(world, entry, bare).flatMap(({ object }) => {
    if (object.kind === 'PersistentVolumeClaim') return [object.metadata.name]
    if (object.kind !== 'StatefulSet') return []
    const templates: { metadata: { name: string } }[] = object.spec?.volumeClaimTemplates ?? []
    const replicas: number[] = Array.from({ length: object.spec?.replicas ?? 1 }, (_, at) => at)
    return templates.flatMap(({ metadata }) => replicas.map((at) => `${metadata.name}-${object.metadata.name}-${at}`))
  })
}

function wrong(world: World, entry: AppEntry): [key: string, message: string][] {
  const { name, dependsOn, backup } = entry.manifest
  const claims = claimsMadeBy(world, entry)
  if (backup === undefined)
    return claims.length === 0
      ? []
      : [
          [
            'backup',
            `is missing, but the app keeps data in ${claims.join(', ')}; say what of it a backup holds, or {} where none is worth it`,
          ],
        ]
  const unknown = (volume: string): string =>
    `names the volume ${volume}, which the app does not make: ${claims.length === 0 ? 'it makes none' : `write ${claims.join(' or ')}`}`
  const volumes = backup.volumes
    .filter((volume) => !claims.includes(volume))
    .map((volume, at): [string, string] => [`backup.volumes[${at}]`, unknown(volume)])
  const databases = backup.databases.flatMap((database, at): [string, string][] => {
    const key = `backup.databases[${at}]`
    return database.app === name || dependsOn.includes(database.app)
      ? []
      : [[key, `is kept by ${database.app}: add that to dependsOn`]]
  })
  return [...volumes, ...databases]
}

export const backupRules: Rule[] = [
  {
    name: 'backup-declared',
    about: 'An app that keeps data says what a backup holds: its own volumes, its databases and those of dependencies.',
    check: (world) =>
      appsOf(world).flatMap((entry) =>
        wrong(world, entry).map(([key, message]) => ({ file: manifestFile(entry.source), key, message })),
      ),
  },
]
