import { type Context, ToolError } from '../command.ts'
import { onlyNode } from '../machine-api.ts'

/** `talosctl bootstrap`: starts etcd on one control plane; silent. */
export async function run(context: Context): Promise<void> {
  if (context.given('recover-from')) throw new ToolError('recovering etcd from a snapshot is not simulated')
  await onlyNode(context, 'bootstrap')
    .call('bootstrap')
    .catch((error: unknown) => {
      throw new ToolError(`error executing bootstrap: ${(error as Error).message}`)
    })
}
