import type { RestRoute } from '../../platform/rest-route.ts'

const details =
  'name namespace urls addresses lastError pods { name status ready restarts } volumes { name size phase storageClass usedBytes capacityBytes } certificates { host state validTo issuer } events { id at warning reason message plain object count }'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/details',
    summary: 'What the cluster knows of an app: pods, volumes, addresses, certificates, last error',
    document: `query ($instance: String!, $app: String!) { workload(instance: $instance, kind: app, name: $app) { ${details} } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/logs',
    summary: 'The last lines of an app',
    query: ['tail:int'],
    document:
      'query ($instance: String!, $app: String!, $tail: Int) { workloadLog(instance: $instance, kind: app, name: $app, tail: $tail) { pod container at text } }',
    answer: 'data',
    wrap: 'lines',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/logs/follow',
    summary: 'Lines of an app as they are printed, as server-sent events',
    query: ['tail:int'],
    document:
      'subscription ($instance: String!, $app: String!, $tail: Int) { workloadLog(instance: $instance, kind: app, name: $app, tail: $tail) { pod container at text } }',
    answer: 'feed',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/events',
    summary: 'What the cluster tells about an app',
    document:
      'query ($instance: String!, $app: String!) { workloadEvents(instance: $instance, kind: app, name: $app) { id at warning reason message plain object count } }',
    answer: 'data',
    wrap: 'events',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/events/follow',
    summary: 'Events of an app as they happen, as server-sent events',
    document:
      'subscription ($instance: String!, $app: String!) { workloadEvents(instance: $instance, kind: app, name: $app) { id at warning reason message plain object count } }',
    answer: 'feed',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/drift',
    summary: 'What somebody changed of an app in the cluster',
    document:
      'query ($instance: String!, $app: String!) { workloadDrift(instance: $instance, kind: app, name: $app) { object missing diff adoptable } }',
    answer: 'data',
    wrap: 'drift',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/apps/{app}/drift',
    summary: 'Put back what somebody changed of an app, or take it over',
    body: ['adopt', 'objects'],
    planOf: 'workload.drift',
    planFromMutation: true,
    document:
      'mutation ($instance: String!, $app: String!, $adopt: Boolean, $objects: [String!]) { settleDrift(instance: $instance, kind: app, name: $app, adopt: $adopt, objects: $objects) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/details',
    summary: 'What the cluster knows of a service: pods, volumes, addresses, certificates, last error',
    document: `query ($instance: String!, $service: String!) { workload(instance: $instance, kind: service, name: $service) { ${details} } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/logs',
    summary: 'The last lines of a service',
    query: ['tail:int'],
    document:
      'query ($instance: String!, $service: String!, $tail: Int) { workloadLog(instance: $instance, kind: service, name: $service, tail: $tail) { pod container at text } }',
    answer: 'data',
    wrap: 'lines',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/logs/follow',
    summary: 'Lines of a service as they are printed, as server-sent events',
    query: ['tail:int'],
    document:
      'subscription ($instance: String!, $service: String!, $tail: Int) { workloadLog(instance: $instance, kind: service, name: $service, tail: $tail) { pod container at text } }',
    answer: 'feed',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/events',
    summary: 'What the cluster tells about a service',
    document:
      'query ($instance: String!, $service: String!) { workloadEvents(instance: $instance, kind: service, name: $service) { id at warning reason message plain object count } }',
    answer: 'data',
    wrap: 'events',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/events/follow',
    summary: 'Events of a service as they happen, as server-sent events',
    document:
      'subscription ($instance: String!, $service: String!) { workloadEvents(instance: $instance, kind: service, name: $service) { id at warning reason message plain object count } }',
    answer: 'feed',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/drift',
    summary: 'What somebody changed of a service in the cluster',
    document:
      'query ($instance: String!, $service: String!) { workloadDrift(instance: $instance, kind: service, name: $service) { object missing diff adoptable } }',
    answer: 'data',
    wrap: 'drift',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/services/{service}/drift',
    summary: 'Put back what somebody changed of a service, or take it over',
    body: ['adopt', 'objects'],
    planOf: 'workload.drift',
    planFromMutation: true,
    document:
      'mutation ($instance: String!, $service: String!, $adopt: Boolean, $objects: [String!]) { settleDrift(instance: $instance, kind: service, name: $service, adopt: $adopt, objects: $objects) { operationId status message } }',
    answer: 'operation',
  },
]
