import { createHash } from 'node:crypto'
import { chmod, copyFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, temporaryName } from '../../platform/atomic-file.ts'
import type { AssetRef } from '../talos/index.ts'
import { loaders } from './answer.ts'

/**
 * Where dnsmasq finds the loaders. Started by root it gives up its rights and could not read below the data directory,
 * so they lie outside of it then.
 */
export function tftpFolder(data: string, uid = process.getuid?.()): string {
  if (uid !== 0) return join(data, 'pxe', 'tftp')
  return join('/run/wild-central-tftp', createHash('sha256').update(data).digest('hex').slice(0, 12))
}

/** Puts the loaders that are here into the folder, and removes what is not one of them. Answers their names. */
export async function fillTftp(
  folder: string,
  copyOf: (asset: AssetRef) => Promise<string | undefined>,
): Promise<string[]> {
  await makeDirectory(folder)
  await chmod(folder, 0o755)
  const filled: string[] = []
  for (const asset of loaders()) {
    const copy = await copyOf(asset).catch(() => undefined)
    if (!copy) continue
    const place = join(folder, asset.file)
    const draft = temporaryName(place)
    await copyFile(copy, draft)
    await chmod(draft, 0o644)
    await rename(draft, place)
    filled.push(asset.file)
  }
  for (const name of await readdir(folder))
    if (!filled.includes(name)) await rm(join(folder, name), { recursive: true, force: true })
  return filled
}
