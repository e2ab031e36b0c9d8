import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { notFound } from '../../../platform/errors.ts'
import { type SentFile, storedFile } from '../../../platform/sent-file.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { readPart } from '../restore/prove.ts'
import { devicePart } from '../run/device.ts'
import { damaged, newSealKey, sealing } from '../vault/sealed.ts'
import { piecesOf } from './pieces.ts'

/**
 * A backup of the device as the one encrypted file `wildd restore` takes. One that lies here is sent from any byte on;
 * one in a repository is decrypted and sealed again as it goes, always from its beginning. Throws NOT_FOUND.
 */
export async function deviceFile(deps: BackupsWorld, id: string, from: number): Promise<SentFile> {
  const vault = await deps.targets.ofDevice()
  const manifest = (await vault.list(deps.reads)).find((one) => one.id === id)?.manifest
  const part = manifest?.parts.find(({ name }) => name === devicePart)
  if (!part) throw notFound('device backup', id, 'wild-cli backup list --device')
  const fileName = `${id}.wild`
  if (vault.kind === 'archive')
    return storedFile(join(vault.place, id, `${devicePart}.sealed`), fileName, from, () =>
      damaged(`${devicePart} is missing`),
    )
  const key = await newSealKey(await deps.settings.passphrase())
  const pieces = piecesOf((into) =>
    readPart(vault, deps.reads, id, part, (source) =>
      pipeline(source, createGzip({ level: 1 }), sealing(key), into, { end: false }),
    ),
  )
  return { fileName, from: 0, pieces }
}
