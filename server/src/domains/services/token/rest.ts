import type { RestRoute } from '../../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/services/{service}/token',
    summary: 'Make a token to log in to a service with; it is answered this once',
    status: 201,
    document:
      'mutation ($instance: String!, $service: String!) { createServiceToken(instance: $instance, service: $service) { service token expiresAt } }',
    answer: 'data',
    noStore: true,
  },
]
