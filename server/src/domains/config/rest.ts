import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/instances/{instance}/config',
    summary: 'Configuration, whole or the value at a path',
    query: ['path'],
    document: 'query ($instance: String!, $path: String) { config(instance: $instance, path: $path) }',
    answer: 'data',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/config',
    summary: 'Set one key',
    body: ['path', 'value'],
    document:
      'mutation ($instance: String!, $path: String!, $value: JSON!) { setConfig(instance: $instance, path: $path, value: $value) }',
    answer: 'message',
    message: 'Configuration updated',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/config/yaml',
    summary: 'config.yaml as it is on disk',
    document: 'query ($instance: String!) { configYaml(instance: $instance) }',
    answer: 'text',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/config/yaml',
    summary: 'Replace config.yaml',
    textBody: 'yaml',
    query: ['base'],
    document:
      'mutation ($instance: String!, $yaml: String!, $base: String) { replaceConfigYaml(instance: $instance, yaml: $yaml, base: $base) }',
    answer: 'message',
    message: 'Configuration updated',
  },
  {
    method: 'DELETE',
    path: '/instances/{instance}/config',
    summary: 'Delete a key',
    query: ['path'],
    document: 'mutation ($instance: String!, $path: String!) { deleteConfig(instance: $instance, path: $path) }',
    answer: 'message',
    message: 'Configuration updated',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/config/change',
    summary: 'Set and delete several keys, all or none',
    body: ['changes'],
    document:
      'mutation ($instance: String!, $changes: [ConfigChangeInput!]!) { changeConfig(instance: $instance, changes: $changes) }',
    answer: 'message',
    message: 'Configuration updated',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/config/validate',
    summary: 'Problems of config.yaml',
    document:
      'query ($instance: String!) { configProblems(instance: $instance) { severity message path line column } }',
    answer: 'data',
    wrap: 'problems',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/config/validate',
    summary: 'Problems of a text that might replace config.yaml',
    textBody: 'yaml',
    document:
      'query ($instance: String!, $yaml: String!) { configProblems(instance: $instance, yaml: $yaml) { severity message path line column } }',
    answer: 'data',
    wrap: 'problems',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/config/keys',
    summary: 'Known keys with their values and defaults',
    document:
      'query ($instance: String!) { configKeys(instance: $instance) { path kind help question default required isSet value suggestion } }',
    answer: 'data',
    wrap: 'keys',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/config/history',
    summary: 'Versions of config.yaml, newest first',
    document: 'query ($instance: String!) { configHistory(instance: $instance) { version at via reason keys sha256 } }',
    answer: 'data',
    wrap: 'versions',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/config/history/{version}',
    intParams: ['version'],
    summary: 'Text of a version',
    document: 'query ($instance: String!, $version: Int!) { configVersion(instance: $instance, version: $version) }',
    answer: 'text',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/config/history/{version}/diff',
    intParams: ['version'],
    summary: 'What changed since a version',
    query: ['to:int'],
    document:
      'query ($instance: String!, $version: Int!, $to: Int) { configDiff(instance: $instance, version: $version, to: $to) }',
    answer: 'text',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/config/history/{version}/restore',
    intParams: ['version'],
    summary: 'Write a version again',
    document: 'mutation ($instance: String!, $version: Int!) { restoreConfig(instance: $instance, version: $version) }',
    answer: 'message',
    message: ({ version }) => `Version ${version} restored`,
  },
]
