import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the entries of each kind are. */
export const places = { service: 'setup/cluster-services', app: 'apps' } as const
export type EntryKind = keyof typeof places

/** The files of one catalog entry, as text. */
export interface EntrySource {
  kind: EntryKind
  /** Name of its folder. */
  name: string
  /** Folder below the catalog. */
  folder: string
  /** Text by path below that folder. */
  files: ReadonlyMap<string, string>
}

async function filesBelow(folder: string): Promise<Map<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name))
  const texts = await Promise.all(paths.sort().map(async (path) => [path, await readFile(path, 'utf8')] as const))
  return new Map(texts.map(([path, text]) => [path.slice(folder.length + 1), text]))
}

async function entriesOf(catalog: string, kind: EntryKind): Promise<EntrySource[]> {
  const items = await readdir(join(catalog, places[kind]), { withFileTypes: true })
  const names = items.filter((item) => item.isDirectory()).map((item) => item.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const folder = `${places[kind]}/${name}`
      return { kind, name, folder, files: await filesBelow(join(catalog, folder)) }
    }),
  )
}

/** Every entry of a catalog folder, services first. */
export async function readSources(catalog: string): Promise<EntrySource[]> {
  return [...(await entriesOf(catalog, 'service')), ...(await entriesOf(catalog, 'app'))]
}
