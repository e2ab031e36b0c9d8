import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/instances/{instance}/services',
    summary: 'List services',
    document:
      'query ($instance: String!) { services(instance: $instance) { name title description status version newVersion namespace core onRequest pods healthyPods dependencies missingSettings missingSecrets trouble } }',
    answer: 'data',
    wrap: 'services',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}',
    summary: 'Get a service',
    document:
      'query ($instance: String!, $service: String!) { service(instance: $instance, service: $service) { name title description about status version newVersion namespace core onRequest pods healthyPods dependencies dependencyList { name title status } dependentList { name title status } settingsOnly takesToken settings { name type title prompt help choices default value } secrets { path kind optional description isSet } missingSettings missingSecrets trouble } }',
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/services/{service}/status',
    summary: 'Status of a service, pod by pod',
    document:
      'query ($instance: String!, $service: String!) { service(instance: $instance, service: $service) { name status version newVersion trouble pods: podList { name status ready restarts } } }',
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/services',
    summary: 'Install a service',
    planOf: 'service.install',
    body: ['name', 'fetch', 'deploy'],
    document:
      'mutation ($instance: String!, $name: String!, $fetch: Boolean, $deploy: Boolean) { installService(instance: $instance, name: $name, fetch: $fetch, deploy: $deploy) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/services/install-all',
    summary: 'Install all services',
    planOf: 'service.install-all',
    body: ['fetch', 'deploy'],
    document:
      'mutation ($instance: String!, $fetch: Boolean, $deploy: Boolean) { installAllServices(instance: $instance, fetch: $fetch, deploy: $deploy) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'DELETE',
    path: '/instances/{instance}/services/{service}',
    summary: 'Delete a service; refused while something needs it',
    planOf: 'service.delete',
    query: ['force:bool'],
    document:
      'mutation ($instance: String!, $service: String!, $force: Boolean) { deleteService(instance: $instance, service: $service, force: $force) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/services/{service}',
    summary: 'Take a service to other settings or the version of the catalog',
    planOf: 'service.update',
    body: ['version', 'config', 'fetch', 'deploy', 'force', 'dry_run'],
    document:
      'mutation ($instance: String!, $service: String!, $version: String, $config: JSON, $fetch: Boolean, $deploy: Boolean, $force: Boolean, $dryRun: Boolean) { updateService(instance: $instance, service: $service, version: $version, config: $config, fetch: $fetch, deploy: $deploy, force: $force, dryRun: $dryRun) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/services/{service}/settings',
    summary: 'Write settings of a service, installed or not; nothing is started',
    body: ['config'],
    document:
      'mutation ($instance: String!, $service: String!, $config: JSON) { configureService(instance: $instance, service: $service, config: $config) { name status settings { name type title prompt help choices default value } missingSettings missingSecrets } }',
    answer: 'data',
    message: 'Settings saved',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/services/{service}/fetch',
    summary:
      'Copy the templates of the catalog into the instance; what was edited by hand gets what is new, nothing is started',
    body: ['force'],
    planOf: 'service.update',
    planFromMutation: true,
    document:
      'mutation ($instance: String!, $service: String!, $force: Boolean) { updateService(instance: $instance, service: $service, fetch: true, deploy: false, force: $force) { operationId status message } }',
    answer: 'operation',
  },
]
