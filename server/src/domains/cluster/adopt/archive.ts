import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { packTar } from 'modern-tar'
import type { HandBackArchive, HandBackFile } from './model.ts'

const compress = promisify(gzip)

/** Files as a gzipped tar, in a folder named after the instance; those with keys keep their mode when it is unpacked. */
export async function archiveOf(instance: string, files: HandBackFile[], mtime: Date): Promise<HandBackArchive> {
  const folder = `${instance}-cluster`
  const tar = await packTar([
    { header: { name: `${folder}/`, type: 'directory', size: 0, mode: 0o700, mtime } },
    ...files.map(({ path, text, secret }) => {
      const body = Buffer.from(text)
      return { header: { name: `${folder}/${path}`, size: body.length, mode: secret ? 0o600 : 0o644, mtime }, body }
    }),
  ])
  return { fileName: `${folder}.tar.gz`, content: (await compress(tar)).toString('base64') }
}
