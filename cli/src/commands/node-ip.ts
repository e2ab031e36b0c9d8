import type { Command } from 'commander'
import { act, addCommand } from '../command.ts'
import { CliError, exitCodes, usageError } from '../errors.ts'
import { route } from '../rest/route.ts'
import type { ClusterNode, Machine } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { writeLines } from '../show.ts'

interface IpOptions {
  fromConfig?: boolean
  fromTalosctl?: boolean
}

/** Adds `wild-cli node ip`: an address alone on standard output, for scripts. */
export function addNodeIp(group: Command): void {
  addCommand(group, 'ip <node>', 'Print the address of a node', [
    'node ip control-1',
    'node ip control-1 --from-config',
    'node ip worker-1 --from-talosctl',
  ])
    .option('--from-config', 'only the address the configuration gives it')
    .option('--from-talosctl', 'only where its machine answers right now')
    .action(act<[string], IpOptions>(showIp))
}

async function showIp(session: Session, [name]: [string], { fromConfig, fromTalosctl }: IpOptions): Promise<void> {
  if (fromConfig && fromTalosctl) throw usageError('Choose one of --from-config and --from-talosctl.')
  const instance = await session.instance()
  const node = await session.api.get<ClusterNode>(route`/instances/${instance}/nodes/${name}`)
  const found = fromConfig
    ? written(node)
    : await live(session, instance, node).catch((error: unknown) => {
        if (fromTalosctl || !(error instanceof CliError) || !node.target_ip) throw error
        session.messages.warning(`${error.message} This is the address in its configuration.`)
        return written(node)
      })
  if (session.structured) return session.print({ node: name, ...found })
  writeLines(session, [found.ip])
}

function written({ name, target_ip: ip }: ClusterNode): { ip: string; from: 'config' } {
  if (ip) return { ip, from: 'config' }
  throw new CliError(exitCodes.notFound, `The configuration gives ${name} no address yet.`, {
    next: [`Give it one: wild-cli node edit ${name} --ip ADDRESS`],
  })
}

/** Where the machine answers. Throws with exit 3 when nobody knows which machine it is, 5 when it does not answer. */
async function live(
  session: Session,
  instance: string,
  { name, mac }: ClusterNode,
): Promise<{ ip: string; from: 'talosctl' }> {
  if (!mac)
    throw new CliError(exitCodes.notFound, `It is not written down which machine ${name} is.`, {
      next: [`Find it: wild-cli node discover, then wild-cli node assign ${name}`],
    })
  const { ip } = await session.api.get<Machine>(route`/instances/${instance}/nodes/${mac}/hardware`)
  if (ip) return { ip, from: 'talosctl' }
  throw new CliError(exitCodes.failed, `The machine of ${name} does not tell its address.`)
}
