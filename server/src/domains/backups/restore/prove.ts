import type { PassThrough, Readable } from 'node:stream'
import type { StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import type { BackupPart } from '../model.ts'
import { damaged } from '../vault/sealed.ts'
import { pump, type Vault } from '../vault/vault.ts'

/** Reads a part of a backup to its end into something; throws when it is not, byte by byte, what was stored. */
export async function readPart(
  vault: Vault,
  run: RunTool,
  id: string,
  part: BackupPart,
  consume: (from: Readable) => Promise<unknown>,
  onBytes?: (bytes: number) => void,
): Promise<void> {
  const { bytes, sha256 } = await pump((into: PassThrough) => vault.get(run, id, part.name, into), consume, onBytes)
  if (bytes !== part.bytes || sha256 !== part.sha256) throw damaged(`${part.name} is not what was stored`)
}

/** Throws away what it reads. */
export async function drain(from: Readable): Promise<void> {
  for await (const _ of from);
}

/** Rows of each table must be those that were counted when the backup was made. */
export function proveTables(part: BackupPart, found: Record<string, number>, ctx: StepContext): void {
  const rows = Object.values(found).reduce((sum, count) => sum + count, 0)
  const said = `${Object.keys(found).length} tables with ${rows} rows`
  for (const [table, count] of Object.entries(part.tables ?? {}))
    if (found[table] !== count)
      throw unproven(part, `table ${table} has ${found[table] ?? 'no'} rows instead of ${count}`)
  ctx.say(`${part.source}: ${said}${part.tables ? ', as in the backup' : ''}`)
}

/** Files and their bytes must be those that were counted when the backup was made. */
export function proveContents(part: BackupPart, files: number, bytes: number, ctx: StepContext): void {
  const wanted = part.contents
  if (wanted && (wanted.files !== files || wanted.bytes !== bytes))
    throw unproven(part, `${files} files with ${bytes} bytes instead of ${wanted.files} with ${wanted.bytes}`)
  ctx.say(`${part.source}: ${files} files with ${bytes} bytes${wanted ? ', as in the backup' : ''}`)
}

function unproven(part: BackupPart, why: string): WildError {
  return new WildError(
    'OPERATION_FAILED',
    `What was restored of ${part.source} is not what was backed up: ${why}. Your present data was not touched.`,
    { part: part.name },
  )
}
