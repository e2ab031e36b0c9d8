import { type Context, ToolError } from '../command.ts'
import { onlyNode } from '../machine-api.ts'

/** `talosctl read`: a file of the machine, as it is. */
export async function run(context: Context): Promise<void> {
  const text = await onlyNode(context, 'read')
    .call('read', { path: context.args[0] })
    .catch((error: unknown) => {
      throw new ToolError(`error reading file: ${(error as Error).message}`)
    })
  context.out(String(text))
}
