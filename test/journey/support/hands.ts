import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { World } from '../../../lab/demo/world.ts'
import type { callers } from '../../world.ts'

type Caller = World & Pick<ReturnType<typeof callers>, 'rest'>

/** What somebody orders a machine behind the product's back, with talosctl and the talosconfig of instance home. */
export async function byHand(world: Caller, node: string, ...args: string[]): Promise<void> {
  const { target_ip: ip } = (await world.rest('GET', `/instances/home/nodes/${node}`)).body.data
  const talosconfig = join(world.dataDirectory, 'instances/home/.talos/config')
  const to = ['--talosconfig', talosconfig, '--endpoints', ip, '--nodes', ip, '--wait=false']
  await promisify(execFile)('talosctl', [...args, ...to], { env: world.toolEnvironment })
}

/** The first command of the product that a text says to type, as the arguments of `wild-cli`. Throws when there is none. */
export function commandIn(text: string, command: RegExp): string[] {
  const [found] = new RegExp(`wild-cli ${command.source}`).exec(text) ?? []
  if (!found) throw new Error(`It does not say to type wild-cli ${command.source}:\n${text}`)
  return found.split(' ').slice(1)
}
