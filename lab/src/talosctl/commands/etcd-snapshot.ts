import { renameSync, writeFileSync } from 'node:fs'
import { snapshotInfo } from '../../machines/orders/etcd-data.ts'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'
import { onlyNode } from '../machine-api.ts'

/** `talosctl etcd snapshot`: saves what etcd holds to a file. */
export async function run(context: Context): Promise<void> {
  const path = context.args[0]!
  const answer = await onlyNode(context, 'etcd snapshot')
    .call('etcd-snapshot')
    .catch((error: unknown) => {
      throw new ToolError(`error reading file: ${(error as Error).message}`)
    })
  const file = Buffer.from(String(answer), 'base64')
  try {
    writeFileSync(`${path}.part`, file)
    renameSync(`${path}.part`, path)
  } catch (error) {
    throw new ToolError(`error creating temporary file: ${goFileError(error, `${path}.part`)}`)
  }
  const { hash, revision, keys, size } = snapshotInfo(file)
  context.out(`etcd snapshot saved to "${path}" (${file.length} bytes)\n`)
  context.out(`snapshot info: hash ${hash}, revision ${revision}, total keys ${keys}, total size ${size}\n`)
}
