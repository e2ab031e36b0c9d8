import type { RestRoute } from '../../../platform/rest-route.ts'

const snapshots = '/instances/{instance}/cluster/etcd-snapshots'
/** What an operation-starting document selects. */
const operation = 'operationId status message'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: snapshots,
    summary: 'Snapshots of etcd, newest first',
    document: `query ($instance: String!) { etcdSnapshots(instance: $instance) {
      name file takenAt size automatic whole copied node revision keys kubernetesVersion talosVersion } }`,
    answer: 'data',
    wrap: 'snapshots',
  },
  {
    method: 'POST',
    path: snapshots,
    summary: 'Save a snapshot of etcd',
    planOf: 'cluster.etcd-snapshot',
    body: ['name'],
    document: `mutation ($instance: String!, $name: String) { saveEtcdSnapshot(instance: $instance, name: $name) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'DELETE',
    path: `${snapshots}/{snapshot}`,
    summary: 'Remove a snapshot for good',
    document:
      'mutation ($instance: String!, $snapshot: String!) { deleteEtcdSnapshot(instance: $instance, snapshot: $snapshot) }',
    answer: 'message',
    message: 'Snapshot deleted',
  },
  {
    method: 'POST',
    path: `${snapshots}/{snapshot}/restore`,
    summary: 'Put etcd back to a snapshot',
    planOf: 'cluster.etcd-restore',
    body: ['confirm', 'skip_offline'],
    document: `mutation ($instance: String!, $snapshot: String!, $confirm: Boolean, $skipOffline: Boolean) {
      restoreEtcdSnapshot(instance: $instance, snapshot: $snapshot, confirm: $confirm, skipOffline: $skipOffline) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/reset',
    summary: 'Wipe every machine of the cluster',
    planOf: 'cluster.reset',
    body: ['confirm', 'graceful', 'skip_offline'],
    document: `mutation ($instance: String!, $confirm: Boolean, $graceful: Boolean, $skipOffline: Boolean) {
      resetCluster(instance: $instance, confirm: $confirm, graceful: $graceful, skipOffline: $skipOffline) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/reset',
    summary: 'Wipe one node, which can be set up again',
    planOf: 'node.reset',
    body: ['confirm', 'graceful'],
    document: `mutation ($instance: String!, $node: String!, $confirm: Boolean, $graceful: Boolean) {
      resetNode(instance: $instance, node: $node, confirm: $confirm, graceful: $graceful) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/upgrade/talos',
    summary: 'Bring Talos of every node to a version',
    planOf: 'cluster.upgrade-talos',
    body: ['version'],
    document: `mutation ($instance: String!, $version: String!) { upgradeTalos(instance: $instance, version: $version) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/upgrade/kubernetes',
    summary: 'Bring Kubernetes to a version',
    planOf: 'cluster.upgrade-kubernetes',
    body: ['version'],
    document: `mutation ($instance: String!, $version: String!) { upgradeKubernetes(instance: $instance, version: $version) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/rollback',
    summary: 'Start the Talos a node ran before its last upgrade',
    planOf: 'node.rollback',
    body: ['force'],
    document: `mutation ($instance: String!, $node: String!, $force: Boolean) {
      rollBackNode(instance: $instance, node: $node, force: $force) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/apply',
    summary: 'Hand every node its configuration again',
    planOf: 'cluster.apply',
    document: `mutation ($instance: String!) { applyConfiguration(instance: $instance) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/apply',
    summary: 'Hand one node its configuration again',
    planOf: 'cluster.apply',
    document: `mutation ($instance: String!, $node: String!) { applyConfiguration(instance: $instance, node: $node) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/reboot',
    summary: 'Restart the nodes one after the other',
    planOf: 'cluster.reboot',
    document: `mutation ($instance: String!) { rebootNodes(instance: $instance) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/reboot',
    summary: 'Restart one node',
    planOf: 'cluster.reboot',
    document: `mutation ($instance: String!, $node: String!) { rebootNodes(instance: $instance, node: $node) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/shutdown',
    summary: 'Switch every node off',
    planOf: 'cluster.shutdown',
    body: ['confirm'],
    document: `mutation ($instance: String!, $confirm: Boolean) { shutDownNodes(instance: $instance, confirm: $confirm) { ${operation} } }`,
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/nodes/{node}/shutdown',
    summary: 'Switch one node off',
    planOf: 'cluster.shutdown',
    document: `mutation ($instance: String!, $node: String!) { shutDownNodes(instance: $instance, node: $node) { ${operation} } }`,
    answer: 'operation',
  },
]
