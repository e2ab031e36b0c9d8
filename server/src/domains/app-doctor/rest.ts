import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/apps/{app}/doctor',
    summary: 'Look why an app does not work; the result of the operation lists the checks',
    planOf: 'app.doctor',
    document:
      'mutation ($instance: String!, $app: String!) { examineApp(instance: $instance, app: $app) { operationId status message } }',
    answer: 'operation',
  },
]
