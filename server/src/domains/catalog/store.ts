import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import type { BrokenEntry, Entry } from './model.ts'

/** What the folders of one kind hold. */
export interface Entries<Manifest> {
  good: Entry<Manifest>[]
  broken: BrokenEntry[]
}

/** Reads every entry of one kind; a folder of the same name in an earlier root wins. A broken entry does not hide the others. */
export async function readEntries<Manifest extends { name: string }>(
  roots: { folder: string; local: boolean }[],
  schema: z.ZodType<Manifest>,
): Promise<Entries<Manifest>> {
  const good = new Map<string, Entry<Manifest>>()
  const broken = new Map<string, BrokenEntry>()
  for (const { folder: root, local } of roots)
    for (const name of await foldersIn(root)) {
      if (good.has(name) || broken.has(name)) continue
      const folder = join(root, name)
      try {
        const text = await readFileIfThere(join(folder, 'manifest.yaml'))
        if (text !== undefined) good.set(name, { manifest: parseManifest(text, schema, name, folder), folder, local })
      } catch (error) {
        broken.set(name, { name, folder, local, problem: asProblem(error, name, folder) })
      }
    }
  const byName = (a: string, b: string) => (a < b ? -1 : 1)
  return {
    good: [...good.values()].sort((a, b) => byName(a.manifest.name, b.manifest.name)),
    broken: [...broken.values()].sort((a, b) => byName(a.name, b.name)),
  }
}

async function foldersIn(root: string): Promise<string[]> {
  try {
    const items = await readdir(root, { withFileTypes: true })
    return items.filter((item) => item.isDirectory() && !item.name.startsWith('.')).map(({ name }) => name)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

function asProblem(error: unknown, name: string, folder: string): WildError {
  if (error instanceof WildError) return error
  return broken(name, folder, `manifest.yaml cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
}

/** Per folder the last manifest that was read there, by the text it was made of. */
const read = new Map<string, { text: string; schema: unknown; manifest: unknown }>()

/**
 * A manifest as it is written; nobody may change what is returned, for it is kept as long as the text stays the same: lists
 * ask for all of them again and again, and parsing is most of the work. Throws CONFIG_INVALID naming file and reason.
 */
export function parseManifest<Manifest extends { name: string }>(
  text: string,
  schema: z.ZodType<Manifest>,
  name: string,
  folder: string,
): Manifest {
  const known = read.get(folder)
  if (known?.text === text && known.schema === schema) return known.manifest as Manifest
  const manifest = frozen(checkedManifest(text, schema, name, folder))
  read.set(folder, { text, schema, manifest })
  return manifest
}

function checkedManifest<Manifest extends { name: string }>(
  text: string,
  schema: z.ZodType<Manifest>,
  name: string,
  folder: string,
): Manifest {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true, strict: true })
  const problem = document.errors[0]?.message.split('\n')[0]
  if (problem) throw broken(name, folder, problem)
  const result = schema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (!result.success) {
    const issue = result.error.issues[0]!
    throw broken(name, folder, `${issue.path.join('.') || 'manifest'}: ${issue.message}`)
  }
  if (result.data.name !== name) throw broken(name, folder, `name is "${result.data.name}" but the folder is "${name}"`)
  return result.data
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}

function broken(name: string, folder: string, why: string): WildError {
  const file = join(folder, 'manifest.yaml')
  return new WildError(
    'CONFIG_INVALID',
    `The catalog entry ${name} cannot be used: ${why.replace(/\.$/, '')} (${file}).`,
    {
      name,
      file,
    },
  )
}
