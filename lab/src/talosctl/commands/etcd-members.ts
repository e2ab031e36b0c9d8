import type { EtcdMember } from '../../machines/orders/etcd-members.ts'
import { columns } from '../columns.ts'
import { type Context, ToolError } from '../command.ts'
import { nodesOf } from '../machine-api.ts'

/** `talosctl etcd members`. */
export async function run(context: Context): Promise<void> {
  const rows: string[][] = []
  for (const node of nodesOf(context)) {
    const members = (await node.call('etcd-members').catch((error: unknown) => {
      throw new ToolError(`error getting members: ${(error as Error).message}`)
    })) as EtcdMember[]
    rows.push(
      ...members.map((one) => [node.name, one.id, one.hostname, one.peerUrls, one.clientUrls, String(one.learner)]),
    )
  }
  context.out(columns([['NODE', 'ID', 'HOSTNAME', 'PEER URLS', 'CLIENT URLS', 'LEARNER'], ...rows]))
}
