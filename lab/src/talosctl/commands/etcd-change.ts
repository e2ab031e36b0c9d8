import { type Context, ToolError } from '../command.ts'
import { nodesOf } from '../machine-api.ts'

async function each(context: Context, command: string, doing: string, params: Record<string, unknown> = {}) {
  for (const node of nodesOf(context))
    await node.call(command, params).catch((error: unknown) => {
      throw new ToolError(`error ${doing}: ${(error as Error).message}`)
    })
}

/** `talosctl etcd leave`, `forfeit-leadership` and `remove-member`: silent. */
export const etcdChanges = {
  leave: (context: Context) => each(context, 'etcd-leave', 'leaving cluster'),
  forfeit: (context: Context) => each(context, 'etcd-forfeit-leadership', 'forfeiting leadership'),
  remove: (context: Context) => each(context, 'etcd-remove-member', 'removing member', { member: context.args[0] }),
}
