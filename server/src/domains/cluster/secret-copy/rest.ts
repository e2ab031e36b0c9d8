import type { RestRoute } from '../../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/cluster/secrets/copy',
    summary: 'Copy a Secret of the cluster to other namespaces',
    planOf: 'cluster.copy-secret',
    body: ['source', 'namespaces'],
    document:
      'mutation ($instance: String!, $source: String!, $namespaces: [String!]!) { copyClusterSecret(instance: $instance, source: $source, namespaces: $namespaces) { operationId status message } }',
    answer: 'operation',
  },
]
