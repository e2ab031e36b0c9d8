import { columns } from '../columns.ts'
import { type Context, ToolError } from '../command.ts'
import { nodesOf } from '../machine-api.ts'

/** Commands after which a machine goes away. They return at once; `--wait` tracking is not simulated. */
export const powerCommands = { reboot, shutdown, reset, rollback, upgrade }

function refuseWaiting(context: Context): void {
  if (context.on('insecure') && context.on('wait')) throw new ToolError('cannot use --wait and --insecure together')
}

async function each(
  context: Context,
  command: string,
  title: string,
  params: Record<string, unknown>,
): Promise<string[]> {
  refuseWaiting(context)
  const names: string[] = []
  for (const node of nodesOf(context, { insecure: context.on('insecure') })) {
    await node.call(command, params).catch((error: unknown) => {
      throw new ToolError(`error executing ${title}: ${(error as Error).message}`)
    })
    names.push(node.name)
  }
  return names
}

async function reboot(context: Context): Promise<void> {
  await each(context, 'reboot', 'reboot', {})
}

async function shutdown(context: Context): Promise<void> {
  await each(context, 'shutdown', 'shutdown', {})
}

async function reset(context: Context): Promise<void> {
  const labels = context.all('system-labels-to-wipe')
  await each(context, 'reset', 'reset', { graceful: context.on('graceful'), reboot: context.on('reboot'), labels })
}

async function rollback(context: Context): Promise<void> {
  for (const node of nodesOf(context)) {
    await node.call('rollback').catch((error: unknown) => {
      throw new ToolError(`error executing rollback: ${(error as Error).message}`)
    })
  }
}

async function upgrade(context: Context): Promise<void> {
  const names = await each(context, 'upgrade', 'upgrade', { image: context.flag('image') })
  if (context.on('wait')) return
  const at = new Date().toString()
  context.out(columns([['NODE', 'ACK', 'STARTED'], ...names.map((name) => [name, 'Upgrade request received', at])]))
}
