import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/instances/{instance}/secrets',
    summary: 'Secrets, every value masked',
    query: ['path'],
    document: 'query ($instance: String!, $path: String) { secrets(instance: $instance, path: $path) }',
    answer: 'data',
    noStore: true,
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/secrets',
    summary: 'Set a secret',
    body: ['path', 'value', 'generate'],
    document:
      'mutation ($instance: String!, $path: String!, $value: String, $generate: Boolean) { setSecret(instance: $instance, path: $path, value: $value, generate: $generate) }',
    answer: 'message',
    message: 'Secret updated',
    noStore: true,
  },
  {
    method: 'POST',
    path: '/instances/{instance}/secrets/generate',
    summary: 'Make a random secret; its value is answered this once',
    body: ['path', 'length', 'charset', 'overwrite'],
    status: 201,
    document:
      'mutation ($instance: String!, $path: String!, $length: Int, $charset: String, $overwrite: Boolean) { generateSecret(instance: $instance, path: $path, length: $length, charset: $charset, overwrite: $overwrite) { path value } }',
    answer: 'data',
    noStore: true,
  },
  {
    method: 'DELETE',
    path: '/instances/{instance}/secrets',
    summary: 'Remove a secret',
    query: ['path'],
    document: 'mutation ($instance: String!, $path: String!) { deleteSecret(instance: $instance, path: $path) }',
    answer: 'message',
    message: 'Secret deleted',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/secrets/list',
    summary: 'Which secrets there are or are needed, and of what kind; no values',
    document:
      'query ($instance: String!) { secretList(instance: $instance) { secrets { path kind owner description optional set } warnings } }',
    answer: 'data',
    noStore: true,
  },
  {
    method: 'POST',
    path: '/instances/{instance}/secrets/reveal',
    summary: 'See one secret; noted in the audit log',
    body: ['path', 'reason'],
    document:
      'mutation ($instance: String!, $path: String!, $reason: String) { revealSecret(instance: $instance, path: $path, reason: $reason) { path value } }',
    answer: 'data',
    noStore: true,
  },
]
