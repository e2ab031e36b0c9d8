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
    body: ['path', 'length', 'overwrite'],
    status: 201,
    document:
      'mutation ($instance: String!, $path: String!, $length: Int, $overwrite: Boolean) { generateSecret(instance: $instance, path: $path, length: $length, overwrite: $overwrite) { path value } }',
    answer: 'data',
    noStore: true,
  },
]
