import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import type { Entry } from './model.ts'

/** Reads every entry of one kind; a folder of the same name in an earlier root wins. Throws CONFIG_INVALID naming an entry that cannot be used. */
export async function readEntries<Manifest extends { name: string }>(
  roots: { folder: string; local: boolean }[],
  schema: z.ZodType<Manifest>,
): Promise<Entry<Manifest>[]> {
  const entries = new Map<string, Entry<Manifest>>()
  for (const { folder: root, local } of roots) {
    const items = await readdir(root, { withFileTypes: true }).catch(() => [])
    for (const { name } of items.filter((item) => item.isDirectory() && !entries.has(item.name))) {
      const folder = join(root, name)
      const text = await readFileIfThere(join(folder, 'manifest.yaml'))
      if (text !== undefined) entries.set(name, { manifest: parseManifest(text, schema, name, folder), folder, local })
    }
  }
  return [...entries.values()].sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1))
}

function parseManifest<Manifest extends { name: string }>(
  text: string,
  schema: z.ZodType<Manifest>,
  name: string,
  folder: string,
): Manifest {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true, strict: true })
  const problem = document.errors[0]?.message.split('\n')[0]
  if (problem) throw broken(name, folder, problem)
  const result = schema.safeParse(document.toJS())
  if (!result.success) {
    const issue = result.error.issues[0]!
    throw broken(name, folder, `${issue.path.join('.') || 'manifest'}: ${issue.message}`)
  }
  if (result.data.name !== name) throw broken(name, folder, `name is "${result.data.name}" but the folder is "${name}"`)
  return result.data
}

function broken(name: string, folder: string, why: string): WildError {
  return new WildError('CONFIG_INVALID', `The catalog entry ${name} cannot be used: ${why}.`, {
    file: join(folder, 'manifest.yaml'),
  })
}
