import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { syncFolder, temporaryName } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import { unbundle } from './bundle/read.ts'
import { head, isSealed, unsealing } from './vault/sealed.ts'

/** What a daemon, or a lab, leaves in a data directory that holds nothing yet. */
const unimportant = new Set(['run', 'lab', 'logs', 'lost+found'])

async function refuseFull(data: string): Promise<void> {
  const names = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const left = names.filter((name) => !unimportant.has(name))
  if (left.length > 0)
    throw new WildError(
      'CONFLICT',
      `${data} is not empty (${left.slice(0, 3).join(', ')}). A device is restored into an empty data directory only, so that nothing is overwritten: set WILD_CENTRAL_DATA to another one, or move this one away.`,
      { field: 'WILD_CENTRAL_DATA' },
    )
}

/** A backup file as its bundle: decrypted when it is sealed, unpacked when it is packed. */
async function opened(file: string, passphrase: () => Promise<string>): Promise<AsyncIterable<Buffer>> {
  const outer = await head(createReadStream(file), 64)
  const whole = chained(outer)
  const plain = isSealed(outer.start) ? unsealing(await passphrase())(whole) : whole
  const inner = await head(plain, 2)
  const packed = inner.start[0] === 0x1f && inner.start[1] === 0x8b
  // A failure before the gunzip destroys it, which whoever reads it is told.
  return packed ? pipeline(Readable.from(chained(inner)), createGunzip(), () => undefined) : chained(inner)
}

async function* chained({ start, rest }: { start: Buffer; rest: AsyncIterable<Buffer> }): AsyncGenerator<Buffer> {
  yield start
  yield* rest
}

/**
 * Makes a data directory of a backup of a device, all of it or nothing. Returns how many files there are. Throws CONFLICT
 * when the directory is not empty, the passphrase does not fit or the file is damaged; NOT_FOUND without the file.
 */
export async function restoreDevice(file: string, data: string, passphrase: () => Promise<string>): Promise<number> {
  await stat(file).catch(() => {
    throw new WildError('NOT_FOUND', `There is no file ${file}.`, { name: file })
  })
  await refuseFull(data)
  await mkdir(data, { recursive: true, mode: 0o700 })
  const draft = temporaryName(join(data, 'restore'))
  try {
    const files = await unbundle(await opened(file, passphrase), draft)
    for (const name of await readdir(draft)) {
      await rm(join(data, name), { recursive: true, force: true })
      await rename(join(draft, name), join(data, name))
    }
    await syncFolder(data)
    return files.length
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
