import { readFileSync } from 'node:fs'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'
import { onlyNode } from '../machine-api.ts'

/** `talosctl bootstrap`: starts etcd on one control plane, empty or from a snapshot; silent. */
export async function run(context: Context): Promise<void> {
  const node = onlyNode(context, 'bootstrap')
  const snapshot = context.given('recover-from') ? readSnapshot(context.flag('recover-from')) : undefined
  await node
    .call('bootstrap', { snapshot, skipHashCheck: context.on('recover-skip-hash-check') })
    .catch((error: unknown) => {
      throw new ToolError(`error executing bootstrap: ${(error as Error).message}`)
    })
}

function readSnapshot(path: string): string {
  try {
    return readFileSync(path).toString('base64')
  } catch (error) {
    throw new ToolError(`error opening snapshot file: ${goFileError(error, path)}`)
  }
}
