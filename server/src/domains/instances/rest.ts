import type { RestRoute } from '../../platform/rest-route.ts'

const importHome =
  'mutation ($name: String!, $description: String, $files: [HomeFileInput!]!, $dryRun: Boolean) { importPocHome(name: $name, description: $description, files: $files, dryRun: $dryRun) { instance report { verdict path message } } }'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances',
    summary: 'Create an instance',
    body: ['name', 'description', 'config'],
    status: 201,
    document:
      'mutation ($name: String!, $description: String, $config: JSON) { createInstance(name: $name, description: $description, config: $config) { name createdAt status } }',
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/import/poc',
    summary: 'Make an instance of the folder of an old one (v.PoC)',
    body: ['name', 'description', 'files', 'dry_run'],
    status: 201,
    document: importHome,
    plan: importHome.replace('dryRun: $dryRun', 'dryRun: true').replace(', $dryRun: Boolean', ''),
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/instances',
    summary: 'List instances',
    document: '{ instances { name description status nodeCount createdAt } }',
    answer: 'data',
    wrap: 'instances',
  },
  {
    method: 'GET',
    path: '/instances/{instance}',
    summary: 'Get an instance',
    document:
      'query ($instance: String!) { instance(instance: $instance) { name description status nodeCount serviceCount appCount missing createdAt configPath } }',
    answer: 'data',
  },
  {
    method: 'DELETE',
    path: '/instances/{instance}',
    summary: 'Move an instance to the trash',
    query: ['force:bool'],
    document: 'mutation ($instance: String!, $force: Boolean) { deleteInstance(instance: $instance, force: $force) }',
    answer: 'message',
    message: 'Instance deleted',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/phases',
    summary: 'How far an instance is',
    document:
      'query ($instance: String!) { phases(instance: $instance) { name complete checks { name ok message remedy } } }',
    answer: 'data',
    wrap: 'phases',
  },
  { method: 'GET', path: '/context', summary: 'Current context', document: '{ context { current } }', answer: 'data' },
  {
    method: 'POST',
    path: '/context',
    summary: 'Switch context',
    body: ['instance'],
    document: 'mutation ($instance: String!) { useContext(instance: $instance) }',
    answer: 'message',
    message: ({ instance }) => `Context switched to ${instance}`,
  },
]
