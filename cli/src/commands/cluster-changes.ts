import type { Command } from 'commander'
import { confirm, confirmByName } from '../ask.ts'
import { act, addCommand, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import { route } from '../rest/route.ts'

/** Adds `cluster upgrade`, `apply`, `reboot` and `shutdown`. */
export function addClusterChanges(group: Command): void {
  addUpgrade(group)
  const apply = addCommand(group, 'apply', 'Hand every node its configuration again, after config.yaml was changed', [
    'cluster apply --plan',
    'cluster apply',
  ])
  withPlan(apply).action(
    act(async (session) => {
      const path = route`/instances/${await session.instance()}/cluster/apply`
      await startOperation(session, { path }, { success: 'Every node runs the configuration of config.yaml.' })
    }),
  )
  const reboot = addCommand(group, 'reboot', 'Restart the nodes one after the other, each when the rest is well', [
    'cluster reboot',
    'cluster reboot --plan',
  ])
  withPlan(reboot).action(
    act(async (session) => {
      const instance = await session.instance()
      if (!session.plan) await confirm(session, `Restart the nodes of ${instance}, one after the other?`, false)
      await startOperation(
        session,
        { path: route`/instances/${instance}/cluster/reboot` },
        { success: 'Every node restarted.' },
      )
    }),
  )
  addShutdown(group)
}

function addUpgrade(group: Command): void {
  const command = addCommand(
    group,
    'upgrade',
    'Bring Talos or Kubernetes to another version; a snapshot is saved first',
    [
      'cluster upgrade --talos v1.12.4 --plan',
      'cluster upgrade --talos v1.12.4',
      'cluster upgrade --kubernetes v1.35.0',
    ],
  )
  withPlan(command)
    .option('--talos <version>', 'Talos of every node, one node at a time')
    .option('--kubernetes <version>', 'Kubernetes of the cluster')
    .action(
      act<[], { talos?: string; kubernetes?: string }>(async (session, _args, { talos, kubernetes }) => {
        if (Boolean(talos) === Boolean(kubernetes))
          throw usageError('Say what to upgrade: --talos VERSION or --kubernetes VERSION, one at a time.')
        const what = talos ? 'talos' : 'kubernetes'
        const version = talos ?? kubernetes
        const name = talos ? 'Talos' : 'Kubernetes'
        const instance = await session.instance()
        if (!session.plan) await confirm(session, `Upgrade ${name} of ${instance} to ${version}?`, false)
        const path = route`/instances/${instance}/cluster/upgrade/${what}`
        await startOperation(
          session,
          { path, body: { version } },
          { success: `${name} ${version} runs on every node.` },
        )
      }),
    )
}

function addShutdown(group: Command): void {
  const command = addCommand(
    group,
    'shutdown',
    'Switch every node off, workers first; switch them on at the machines',
    ['cluster shutdown', 'cluster shutdown --confirm home'],
  )
  withPlan(command)
    .option('--confirm <instance>', 'the name of the instance, instead of being asked for it')
    .action(
      act<[], { confirm?: string }>(async (session, _args, options) => {
        const instance = await session.instance()
        if (!session.plan) {
          const question = `Switch every machine of ${instance} off? Only a hand switches them on again.`
          await confirmByName(session, question, instance, options.confirm)
        }
        const path = route`/instances/${instance}/cluster/shutdown`
        await startOperation(session, { path, body: { confirm: true } }, { success: 'Every node is off.' })
      }),
    )
}

function addRollback(group: Command): void {
  const command = addCommand(
    group,
    'rollback <node>',
    'Start the Talos a node ran before its last upgrade, from its other boot slot',
    ['node rollback worker-1 --plan', 'node rollback control-1 --force'],
  )
  withPlan(command)
    .option('--force', 'also when the rest of the cluster is not well')
    .action(
      act<[string], { force?: boolean }>(async (session, [name], { force }) => {
        const question = `Restart ${name} into the Talos before its last upgrade?`
        if (!session.plan) await confirm(session, question, false)
        const path = route`/instances/${await session.instance()}/nodes/${name}/rollback`
        const body = force ? { force } : {}
        await startOperation(session, { path, body }, { success: `${name} runs the Talos before.` })
      }),
    )
}

/** Adds `node apply`, `reboot`, `shutdown` and `rollback`. */
export function addNodeChanges(group: Command): void {
  addRollback(group)
  const all = [
    {
      verb: 'apply',
      about: 'Hand a node its configuration again, after config.yaml was changed',
      did: 'runs its configuration',
    },
    { verb: 'reboot', about: 'Restart a node when the rest of the cluster is well', did: 'restarted', ask: 'Restart' },
    { verb: 'shutdown', about: 'Switch a node off; its pods move to others first', did: 'is off', ask: 'Switch off' },
  ]
  for (const { verb, about, did, ask } of all) {
    const command = addCommand(group, `${verb} <node>`, about, [
      `node ${verb} worker-1`,
      `node ${verb} worker-1 --plan`,
    ])
    withPlan(command).action(
      act<[string]>(async (session, [name]) => {
        if (ask && !session.plan) await confirm(session, `${ask} ${name}?`, false)
        const path = route`/instances/${await session.instance()}/nodes/${name}/${verb}`
        await startOperation(session, { path }, { success: `${name} ${did}.` })
      }),
    )
  }
}
