import type { RestRoute } from '../../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/services/copy-certificates',
    summary: 'Copy the wildcard certificates to where they are used',
    planOf: 'service.copy-certificates',
    document: 'mutation ($instance: String!) { copyCertificates(instance: $instance) { operationId status message } }',
    answer: 'operation',
  },
]
