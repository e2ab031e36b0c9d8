import { parseDocument } from 'yaml'
import {
  type AppManifest,
  appManifest,
  type ServiceManifest,
  serviceManifest,
} from '../../server/src/domains/catalog/model.ts'
import type { Finding } from './problem.ts'
import type { EntrySource } from './sources.ts'

export interface ServiceEntry {
  kind: 'service'
  source: EntrySource
  manifest: ServiceManifest
}
export interface AppEntry {
  kind: 'app'
  source: EntrySource
  manifest: AppManifest
}
/** An entry whose manifest can be read. */
export type Entry = ServiceEntry | AppEntry

/** The manifest's path below the catalog. */
export const manifestFile = ({ folder }: EntrySource): string => `${folder}/manifest.yaml`

/** Reads an entry's manifest: YAML 1.2, no key twice, no unknown field. The findings say what is wrong instead. */
export function readEntry(source: EntrySource): Entry | Finding[] {
  const text = source.files.get('manifest.yaml')
  const file = manifestFile(source)
  if (text === undefined) return [{ file, key: '', message: 'is missing' }]
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true, strict: true, stringKeys: true })
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0)
    return broken.map(({ message }) => ({ file, key: '', message: `is not strict YAML: ${message.split('\n')[0]}` }))
  const schema = source.kind === 'service' ? serviceManifest : appManifest
  const result = schema.safeParse(document.toJS())
  if (result.success) return { kind: source.kind, source, manifest: result.data } as Entry
  return result.error.issues.map(({ path, message }) => ({ file, key: path.join('.'), message }))
}

/** What an entry depends on, directly or not, each before those that need it. Unknown names are left out. */
export function dependenciesOf<E extends Entry>(entries: readonly E[], entry: E): E[] {
  const found = new Set<E>()
  const visit = (one: E, above: E[]): void => {
    for (const name of one.manifest.dependsOn) {
      const next = entries.find(({ manifest }) => manifest.name === name)
      if (next === undefined || above.includes(next) || next === entry) continue
      visit(next, [...above, next])
      found.add(next)
    }
  }
  visit(entry, [entry])
  return [...found]
}
