import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError, ConnectionError, DifferenceFound, ServerError } from '../errors.ts'
import { bool, type Flags, known, list, text } from '../flags.ts'
import { readManifests, type Source } from '../manifests.ts'
import { pathOf } from '../mapper.ts'
import type { Session } from '../session.ts'
import { printYaml } from '../yaml/print.ts'
import { noMapping } from './get.ts'

export const diffFlags: Flags = {
  'field-manager': text(),
  filename: list('f'),
  'force-conflicts': bool(),
  kustomize: text('k'),
  recursive: bool('R'),
  'server-side': bool(),
  'show-managed-fields': bool(),
  ...known('concurrency prune! prune-allowlist selector'),
}

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

interface Pair {
  file: string
  live: Json | undefined
  merged: Json
}

/** `apps.v1.Deployment.ghost.ghost`, as the real one names its files. */
function fileOf({ apiVersion, kind, metadata }: Json): string {
  return [...apiVersion.split('/'), kind, metadata.namespace ?? '', metadata.name].join('.')
}

async function compare(session: Session, { object, from }: Source): Promise<Pair> {
  const { flags } = session
  const { apiVersion, kind, metadata = {} } = object
  const mapping = (await session.mapper()).byKind(apiVersion, kind)
  if (mapping === undefined) throw noMapping(object, from)
  const namespace = mapping.namespaced ? (metadata.namespace ?? (await session.namespace())) : undefined
  const path = pathOf(mapping, namespace, metadata.name)
  const client = await session.client()
  const live = await client.json({ path }).catch((error: unknown) => {
    if (error instanceof ServerError && error.notFound) return undefined
    throw error
  })
  const merged = await client.json({
    method: 'PATCH',
    path,
    query: {
      fieldManager: flags.text('field-manager') ?? 'kubectl',
      force: String(flags.is('force-conflicts')),
      fieldValidation: 'Strict',
      dryRun: 'All',
    },
    contentType: 'application/apply-patch+yaml',
    body: JSON.stringify(namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace } }),
  })
  const pair = { file: fileOf(merged), live, merged }
  return kind === 'Secret' ? hidden(pair) : pair
}

/** Values of Secrets are never shown, only that they differ. */
function hidden({ file, live, merged }: Pair): Pair {
  const mask = (object: Json, other: Json, word: string) =>
    object && {
      ...object,
      data: Object.fromEntries(
        Object.entries(object.data ?? {}).map(([key, value]) => {
          const differs = other?.data?.[key] !== undefined && other.data[key] !== value
          return [key, differs ? `*** (${word})` : '***']
        }),
      ),
    }
  return { file, live: mask(live, merged, 'before'), merged: mask(merged, live, 'after') }
}

function shown(object: Json | undefined): string {
  if (object === undefined) return ''
  const { managedFields: _managed, ...metadata } = object.metadata
  return printYaml({ ...object, metadata })
}

/** `diff --server-side -f|-k`: what applying would change, by the `diff` program. Ends with 1 when something would. */
export async function diff(session: Session): Promise<void> {
  const { flags } = session
  if (!flags.is('server-side')) {
    if (flags.is('force-conflicts')) throw new CommandError('--force-conflicts only works with --server-side')
    throw new CommandError("the lab's kubectl compares with --server-side only")
  }
  const folders = { live: mkdtempSync(join(tmpdir(), 'LIVE-')), merged: mkdtempSync(join(tmpdir(), 'MERGED-')) }
  try {
    const sources = await readManifests(flags.list('filename'), flags.text('kustomize'), flags.is('recursive'))
    for (const source of sources) {
      const { file, live, merged } = await compare(session, source)
      for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
      if (live !== undefined) writeFileSync(join(folders.live, file), shown(live))
      else writeFileSync(join(folders.live, file), '')
      writeFileSync(join(folders.merged, file), shown(merged))
    }
    const { status, stdout, error } = spawnSync('diff', ['-u', '-N', folders.live, folders.merged], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    if (error) throw new CommandError(`failed to run "diff": exec: "diff": executable file not found in $PATH`, 2)
    session.out(stdout)
    if (status === 1) throw new DifferenceFound()
  } catch (error) {
    if (error instanceof DifferenceFound) throw error
    if (error instanceof ConnectionError || error instanceof ServerError) throw new CommandError(error.message, 2)
    throw error
  } finally {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true })
  }
}
