import type { Command } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import { showChange, showFields, showSection } from '../show.ts'
import { addClusterAccess } from './cluster-access.ts'
import { addClusterChanges } from './cluster-changes.ts'
import { addClusterHealth } from './cluster-health.ts'
import { addClusterMove } from './cluster-move.ts'
import { askForMissing } from './config-prompt.ts'
import { addEtcdSnapshotCommands } from './etcd-snapshot.ts'
import { addClusterReset } from './reset.ts'

interface ClusterStatus {
  status: string
  nodes?: number
  control_plane_nodes?: number
  worker_nodes?: number
  kubernetes_version?: string
  talos_version?: string
  services?: Record<string, string>
}

const partColumns: Column<[string, string]>[] = [
  { title: 'part', value: ([name]) => name },
  { title: 'status', value: ([, status]) => status, status: true },
]

/** Adds `wild-cli cluster …`. */
export function addClusterCommands(program: Command): void {
  const group = addGroup(program, 'cluster', 'Bootstrap the cluster, see how it is, change it')
  addGenerate(group)
  addBootstrap(group)
  addStatus(group)
  addClusterHealth(group)
  addClusterAccess(group)
  addClusterMove(group)
  addEtcdSnapshotCommands(group)
  addClusterChanges(group)
  addClusterReset(group)
}

function addGenerate(group: Command): void {
  addCommand(group, 'generate', 'Generate the cluster configuration (node setup does it when it is missing)', [
    'cluster generate',
    'cluster generate --vip 192.168.1.90',
  ])
    .option('--name <name>', 'cluster name (default: the one of the config)')
    .option('--vip <address>', 'virtual address of the control plane')
    .option('--talos-version <version>', 'Talos version')
    .action(
      act<[], { name?: string; vip?: string; talosVersion?: string }>(async (session, _args, options) => {
        const path = route`/instances/${await session.instance()}/cluster/config/generate`
        const body = { cluster_name: options.name, vip: options.vip, version: options.talosVersion }
        const answer = await session.api.send<Answer<unknown>>('POST', path, body)
        await showChange(session, answer, answer.message ?? 'Cluster configuration generated')
      }),
    )
}

function addBootstrap(group: Command): void {
  const command = addCommand(group, 'bootstrap', 'Start Kubernetes on the control plane nodes', [
    'cluster bootstrap',
    'cluster bootstrap --plan',
    'cluster bootstrap --node control-1 --no-wait',
  ])
  withPlan(command)
    .option('--node <node>', 'control plane node to begin with (default: the first one)')
    .action(
      act<[], { node?: string }>(async (session, _args, { node }) => {
        await askForMissing(session, { keys: ['cluster.nodes.control.vip'] })
        const path = route`/instances/${await session.instance()}/cluster/bootstrap`
        const words = { success: 'The cluster is bootstrapped.', next: 'wild-cli service install-all' }
        await startOperation(session, { path, body: node ? { node } : {} }, words)
      }),
    )
}

function addStatus(group: Command): void {
  addCommand(group, 'status', 'Show the state of the cluster', ['cluster status', 'cluster status -o json']).action(
    act(async (session) => {
      const data = await session.api.get<ClusterStatus>(route`/instances/${await session.instance()}/cluster/status`)
      await showFields(session, data, {
        Status: data.status,
        Nodes: data.nodes,
        'Control plane': data.control_plane_nodes,
        Workers: data.worker_nodes,
        Kubernetes: data.kubernetes_version,
        Talos: data.talos_version,
      })
      if (data.status !== 'not_bootstrapped')
        return showSection(session, 'Control plane', partColumns, Object.entries(data.services ?? {}))
      const next = data.control_plane_nodes ? 'cluster bootstrap' : 'node setup control-1 control-2 control-3'
      session.messages.info(`Next: wild-cli ${next}`)
    }),
  )
}
