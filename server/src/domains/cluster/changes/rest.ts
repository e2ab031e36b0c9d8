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
      name file takenAt size automatic whole node revision keys kubernetesVersion talosVersion } }`,
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
]
