import type { Command } from 'commander'
import { confirmByName, confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import { formatBytes, formatTime } from '../output/units.ts'
import { route } from '../rest/route.ts'
import { showChange, showList } from '../show.ts'

interface Snapshot {
  name: string
  file: string
  taken_at: string
  size: number
  whole: boolean
  copied: boolean
  node?: string
  keys?: number
  kubernetes_version?: string
}

const columns: Column<Snapshot>[] = [
  { title: 'snapshot', value: (row) => row.name },
  { title: 'made', value: (row) => formatTime(row.taken_at) },
  { title: 'size', value: (row) => (row.whole ? formatBytes(row.size) : 'damaged') },
  { title: 'keys', value: (row) => (row.keys === undefined ? '' : `${row.keys}`) },
  { title: 'from', value: (row) => `${row.node ?? ''}${row.copied ? ' (its disk)' : ''}` },
  { title: 'kubernetes', value: (row) => row.kubernetes_version ?? '' },
]

/** Adds `cluster etcd-snapshot …`. */
export function addEtcdSnapshotCommands(cluster: Command): void {
  const group = addGroup(cluster, 'etcd-snapshot', 'Save what the cluster holds (etcd), and put it back')
  const save = addCommand(group, 'save [name]', 'Save a snapshot; without a name old ones are removed', [
    'cluster etcd-snapshot save',
    'cluster etcd-snapshot save before-the-big-change',
  ])
  withPlan(save).action(
    act<[string | undefined]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/cluster/etcd-snapshots`
      const success = ({ result }: { result?: Record<string, unknown> | null }) =>
        result?.file ? `Saved to ${result.file}.` : 'The snapshot is there.'
      await startOperation(session, { path, body: name ? { name } : {} }, { success })
    }),
  )
  addCommand(group, 'list', 'List the snapshots', ['cluster etcd-snapshot list']).action(
    act(async (session) => {
      const path = route`/instances/${await session.instance()}/cluster/etcd-snapshots`
      const data = await session.api.get<{ snapshots: Snapshot[] }>(path)
      const empty = 'No snapshots yet. Save one: wild-cli cluster etcd-snapshot save'
      await showList(session, data, { rows: data.snapshots, columns, empty })
    }),
  )
  addRestore(group)
  addCommand(group, 'delete <snapshot>', 'Remove a snapshot for good', [
    'cluster etcd-snapshot delete before-the-big-change',
  ]).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/cluster/etcd-snapshots/${name}`
      await confirmLoss(session, `Remove the snapshot ${name} for good?`)
      await showChange(session, await session.api.send('DELETE', path), `Snapshot ${name} deleted.`)
    }),
  )
}

function addRestore(group: Command): void {
  const command = addCommand(
    group,
    'restore <snapshot>',
    'Put the cluster back to a snapshot; what came later is lost',
    [
      'cluster etcd-snapshot restore before-the-big-change',
      'cluster etcd-snapshot restore before-the-big-change --plan',
      'cluster etcd-snapshot restore before-the-big-change --confirm home',
    ],
  )
  withPlan(command)
    .option('--skip-offline', 'leave out control planes that do not answer; reset them before they come back')
    .option('--confirm <instance>', 'the name of the instance, instead of being asked for it')
    .action(
      act<[string], { skipOffline?: boolean; confirm?: string }>(async (session, [name], options) => {
        const instance = await session.instance()
        if (!session.plan) {
          const question = `Put the cluster of ${instance} back to ${name}? What changed in it since then is lost.`
          await confirmByName(session, question, instance, options.confirm)
        }
        const path = route`/instances/${instance}/cluster/etcd-snapshots/${name}/restore`
        const body = { confirm: true, skip_offline: options.skipOffline ?? false }
        await startOperation(session, { path, body }, { success: `The cluster is back at ${name}.` })
      }),
    )
}
