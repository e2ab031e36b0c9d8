import { pipeline } from 'node:stream/promises'
import { notFound } from '../../../platform/errors.ts'
import type { SentFile } from '../../../platform/sent-file.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { findBackup } from '../keep/verify.ts'
import { readPart } from '../restore/prove.ts'
import { vaultOfAny } from '../restore-home/operation.ts'
import { piecesOf } from './pieces.ts'

/** Which part of which backup of an instance. */
export interface PartOf {
  /** It may lie in the trash. */
  instance: string
  backup: string
  part: string
}

/** A part of a backup of an instance as it was before it was packed and encrypted. Throws NOT_FOUND. */
export async function partContent(deps: BackupsWorld, { instance, backup, part: name }: PartOf): Promise<SentFile> {
  const vault = await vaultOfAny(deps, instance)
  const part = (await findBackup(vault, deps.reads, backup)).parts.find((one) => one.name === name)
  if (!part) throw notFound('part', name, `wild-cli backup show ${backup}`)
  const pieces = piecesOf((into) =>
    readPart(vault, deps.reads, backup, part, (source) => pipeline(source, into, { end: false })),
  )
  return { fileName: name, size: part.bytes, from: 0, pieces }
}
