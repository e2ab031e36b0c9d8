import type { Command } from 'commander'
import { confirmByName, confirmLoss } from '../ask.ts'
import { act, addCommand, withPlan } from '../command.ts'
import { startOperation } from '../operation/start.ts'
import { route } from '../rest/route.ts'

/** Adds `cluster reset`. */
export function addClusterReset(group: Command): void {
  const command = addCommand(group, 'reset', 'Wipe every machine of the cluster; keys and a snapshot are saved first', [
    'cluster reset --plan',
    'cluster reset',
    'cluster reset --confirm home --skip-offline',
  ])
  withPlan(command)
    .option('--graceful', 'one machine after the other, each ending its pods and leaving etcd')
    .option('--skip-offline', 'leave out machines that do not answer; they still have the keys of this cluster')
    .option('--confirm <instance>', 'the name of the instance, instead of being asked for it')
    .action(
      act<[], { graceful?: boolean; skipOffline?: boolean; confirm?: string }>(async (session, _args, options) => {
        const instance = await session.instance()
        if (!session.plan) {
          const question = `Wipe every machine of ${instance}? Everything its apps stored on them is lost.`
          await confirmByName(session, question, instance, options.confirm)
        }
        const how = { graceful: options.graceful ?? false, skip_offline: options.skipOffline ?? false }
        const path = route`/instances/${instance}/cluster/reset`
        const words = { success: 'The machines are free again.', next: 'wild-cli node setup control-1' }
        await startOperation(session, { path, body: { confirm: true, ...how } }, words)
      }),
    )
}

/** Adds `node reset`. */
export function addNodeReset(group: Command): void {
  const command = addCommand(group, 'reset <node>', 'Wipe a node; it stays written down and can be set up again', [
    'node reset worker-1 --plan',
    'node reset worker-1',
    'node reset control-2 --no-graceful',
  ])
  withPlan(command)
    .option('--no-graceful', 'do not move its pods, and let another control plane take it out of etcd')
    .action(
      act<[string], { graceful: boolean }>(async (session, [name], { graceful }) => {
        const node = route`/instances/${await session.instance()}/nodes/${name}`
        if (!session.plan) {
          await session.api.get(node)
          await confirmLoss(session, `Wipe node ${name}? Its configuration and data are lost.`)
        }
        const request = { path: `${node}/reset`, body: { confirm: true, graceful } }
        const words = { success: `${name} is free again.`, next: `wild-cli node setup ${name}` }
        await startOperation(session, request, words)
      }),
    )
}
