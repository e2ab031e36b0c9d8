import type { RestRoute } from '../../platform/rest-route.ts'

const shown =
  'name title status version newVersion namespace url pods healthyPods config settings { name type title help choices default value } trouble notes'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/apps',
    summary: 'Apps that can be added',
    document: '{ catalogApps { name title description version category dependencies icon } }',
    answer: 'data',
    wrap: 'apps',
  },
  {
    method: 'GET',
    path: '/apps/{app}',
    summary: 'One app of the catalog',
    document:
      'query ($app: String!) { catalogApp(app: $app) { name title description version category dependencies icon links defaultConfig requiredSecrets settings { name type title help choices default } secrets { path kind optional description } } }',
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/proposal',
    summary: 'What adding an app would set and need',
    query: ['config:json'],
    document:
      'query ($instance: String!, $app: String!, $config: JSON) { appProposal(instance: $instance, app: $app, config: $config) { values alongside missingSecrets missingSettings madeSecrets cores memoryBytes storageBytes } }',
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps',
    summary: 'Apps that were added',
    document:
      'query ($instance: String!) { apps(instance: $instance) { name title status version newVersion namespace url trouble } }',
    answer: 'data',
    wrap: 'apps',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}',
    summary: 'Get an app',
    document: `query ($instance: String!, $app: String!) { app(instance: $instance, app: $app) { ${shown} } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/apps/{app}/status',
    summary: 'Status of an app, pod by pod',
    document:
      'query ($instance: String!, $app: String!) { app(instance: $instance, app: $app) { name status version newVersion url trouble pods: podList { name status ready restarts } dependencies: dependencyList { name status } lastBackup { id createdAt problem } } }',
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/apps',
    summary: 'Add an app: settings, secrets, files',
    body: ['name', 'force', 'config'],
    document:
      'mutation ($instance: String!, $name: String!, $force: Boolean, $config: JSON) { addApp(instance: $instance, name: $name, force: $force, config: $config) { name status url config } }',
    answer: 'data',
    message: 'App configured',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/apps/{app}/deploy',
    summary: 'Deploy an app',
    planOf: 'app.deploy',
    body: ['force', 'dry_run', 'add', 'config'],
    document:
      'mutation ($instance: String!, $app: String!, $force: Boolean, $dryRun: Boolean, $add: Boolean, $config: JSON) { deployApp(instance: $instance, app: $app, force: $force, dryRun: $dryRun, add: $add, config: $config) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'DELETE',
    path: '/instances/{instance}/apps/{app}',
    summary: 'Delete an app; its data stays unless delete_data=true',
    planOf: 'app.delete',
    query: ['force:bool', 'delete_data:bool'],
    document:
      'mutation ($instance: String!, $app: String!, $force: Boolean, $deleteData: Boolean) { deleteApp(instance: $instance, app: $app, force: $force, deleteData: $deleteData) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/apps/{app}',
    summary: 'Change settings of an app; its files are written anew, nothing is started',
    planOf: 'app.update',
    body: ['config', 'force'],
    document:
      'mutation ($instance: String!, $app: String!, $config: JSON, $force: Boolean) { configureApp(instance: $instance, app: $app, config: $config, force: $force) { name status version newVersion url config } }',
    answer: 'data',
    message: 'App configuration updated',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/apps/{app}/update',
    summary: 'Take an app to other settings or the version of the catalog',
    planOf: 'app.update',
    body: ['config', 'force', 'deploy', 'dry_run'],
    document:
      'mutation ($instance: String!, $app: String!, $config: JSON, $force: Boolean, $deploy: Boolean, $dryRun: Boolean) { updateApp(instance: $instance, app: $app, config: $config, force: $force, deploy: $deploy, dryRun: $dryRun) { operationId status message } }',
    answer: 'operation',
  },
]
