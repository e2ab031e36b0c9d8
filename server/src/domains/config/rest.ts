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
    document: 'mutation ($instance: String!, $yaml: String!) { replaceConfigYaml(instance: $instance, yaml: $yaml) }',
    answer: 'message',
    message: 'Configuration updated',
  },
]
