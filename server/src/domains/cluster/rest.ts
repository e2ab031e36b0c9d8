import type { RestRoute } from '../../platform/rest-route.ts'

const adopt = `mutation ($name: String!, $description: String, $talosconfig: String, $kubeconfig: String, $secrets: String, $files: [HomeFileInput!], $dryRun: Boolean) {
  adoptCluster(name: $name, description: $description, talosconfig: $talosconfig, kubeconfig: $kubeconfig, secrets: $secrets, files: $files, dryRun: $dryRun) {
  instance report { verdict path message } } }`

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/config/generate',
    summary: 'Make secrets and base machine configurations, once',
    body: ['cluster_name', 'vip', 'version'],
    document: `mutation ($instance: String!, $clusterName: String, $vip: String, $version: String) {
      generateClusterConfig(instance: $instance, clusterName: $clusterName, vip: $vip, version: $version) }`,
    answer: 'message',
    message: 'Cluster configuration generated',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/bootstrap',
    summary: 'Start the cluster',
    planOf: 'cluster.bootstrap',
    body: ['node'],
    document:
      'mutation ($instance: String!, $node: String) { bootstrapCluster(instance: $instance, node: $node) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/status',
    summary: 'How the cluster is right now',
    document: `query ($instance: String!) { cluster(instance: $instance) {
      status nodes controlPlaneNodes workerNodes kubernetesVersion talosVersion
      services: components { apiServer etcd scheduler controllerManager } } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/health',
    summary: 'Health checks with remedies',
    document: `query ($instance: String!) { clusterHealth(instance: $instance) {
      status checks { name status message remedy since } certificates { name kind expiresAt problem } checkedAt } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/health/events',
    summary: 'Health checks that changed their verdict',
    query: ['limit:int'],
    document: `query ($instance: String!, $limit: Int) { clusterHealthEvents(instance: $instance, limit: $limit) {
      name status message at } }`,
    answer: 'data',
    wrap: 'events',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/kubeconfig',
    summary: "The administrator's kubeconfig",
    query: ['context'],
    document: 'query ($instance: String!, $context: String) { kubeconfig(instance: $instance, context: $context) }',
    answer: 'text',
    noStore: true,
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/talosconfig',
    summary: 'The talosconfig of the machines',
    query: ['context'],
    document: 'query ($instance: String!, $context: String) { talosconfig(instance: $instance, context: $context) }',
    answer: 'text',
    noStore: true,
  },
  {
    method: 'POST',
    path: '/instances/adopt',
    summary: 'Make an instance of a running cluster that was made by hand or by the old scripts',
    body: ['name', 'description', 'talosconfig', 'kubeconfig', 'secrets', 'files', 'dry_run'],
    status: 201,
    document: adopt,
    plan: adopt.replace('dryRun: $dryRun', 'dryRun: true').replace(', $dryRun: Boolean', ''),
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/hand-back',
    summary: 'All files for going on with talosctl and kubectl alone',
    document: 'query ($instance: String!) { handBack(instance: $instance) { path text secret } }',
    answer: 'data',
    wrap: 'files',
    noStore: true,
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/hand-back/archive',
    summary: 'The same as one file, a gzipped tar',
    document: 'query ($instance: String!) { handBackArchive(instance: $instance) { fileName content } }',
    answer: 'file',
    noStore: true,
  },
  {
    method: 'GET',
    path: '/instances/{instance}/cluster/access',
    summary: 'What gives access to the cluster, and until when',
    document: `query ($instance: String!) { clusterAccess(instance: $instance) {
      kubeconfig { context server expiresAt } talosconfig { context endpoints nodes expiresAt } } }`,
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/access/renew',
    summary: 'Renew kubeconfig and talosconfig',
    planOf: 'cluster.renew-access',
    body: ['only', 'fresh'],
    document: `mutation ($instance: String!, $only: AccessKind, $fresh: Boolean) {
      renewClusterAccess(instance: $instance, only: $only, fresh: $fresh) { operationId status message } }`,
    answer: 'operation',
  },
]
