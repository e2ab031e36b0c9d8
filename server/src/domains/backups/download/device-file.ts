import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { invalid, notFound } from '../../../platform/errors.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { readPart } from '../restore/prove.ts'
import { devicePart } from '../run/device.ts'
import { damaged, newSealKey, sealing } from '../vault/sealed.ts'
import { type Download, piecesOf } from './pieces.ts'

const pieceBytes = 256 * 1024

/**
 * A backup of the device as the one encrypted file `wildd restore` takes. One that lies here is sent from any byte on;
 * one in a repository is decrypted and sealed again as it goes, always from its beginning. Throws NOT_FOUND.
 */
export async function deviceFile(deps: BackupsWorld, id: string, from: number): Promise<Download> {
  const vault = await deps.targets.ofDevice()
  const manifest = (await vault.list(deps.reads)).find((one) => one.id === id)?.manifest
  const part = manifest?.parts.find(({ name }) => name === devicePart)
  if (!part) throw notFound('device backup', id, 'wild-cli backup list --device')
  const fileName = `${id}.wild`
  if (vault.kind === 'archive') return storedFile(join(vault.place, id, `${devicePart}.sealed`), fileName, from)
  const key = await newSealKey(await deps.settings.passphrase())
  const pieces = piecesOf((into) =>
    readPart(vault, deps.reads, id, part, (source) =>
      pipeline(source, createGzip({ level: 1 }), sealing(key), into, { end: false }),
    ),
  )
  return { fileName, from: 0, pieces }
}

async function storedFile(path: string, fileName: string, from: number): Promise<Download> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw damaged(`${devicePart} is missing`)
  if (!Number.isInteger(from) || from < 0 || from > info.size)
    throw invalid('from', `from: the file has ${info.size} bytes.`)
  return {
    fileName,
    size: info.size,
    from,
    pieces: createReadStream(path, { start: from, highWaterMark: pieceBytes }),
  }
}
