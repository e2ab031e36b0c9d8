import type { RestRoute } from '../../platform/rest-route.ts'

const fields = 'service title core status checks { name status message remedy }'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/instances/{instance}/health',
    summary: 'Health of the services, looked at now',
    document: `query ($instance: String!) { servicesHealth(instance: $instance) { ${fields} } }`,
    answer: 'data',
    wrap: 'services',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/health',
    summary: 'Health of one service, looked at now',
    document: `query ($instance: String!, $service: String!) { serviceHealth(instance: $instance, service: $service) { ${fields} } }`,
    answer: 'data',
  },
]
