import type { RestRoute } from '../../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/export',
    summary: 'Export an instance as one encrypted file',
    body: ['passphrase'],
    document:
      'mutation ($instance: String!, $passphrase: String!) { exportInstance(instance: $instance, passphrase: $passphrase) { fileName content } }',
    answer: 'file',
    noStore: true,
  },
  {
    method: 'POST',
    path: '/instances/import',
    summary: 'Import an instance from an exported file',
    body: ['archive', 'passphrase', 'name'],
    // The largest file in base64, and a little for the rest.
    largestBody: 45 * 1024 * 1024,
    status: 201,
    document:
      'mutation ($archive: String!, $passphrase: String!, $name: String) { importInstance(archive: $archive, passphrase: $passphrase, name: $name) { name description status createdAt } }',
    answer: 'data',
  },
]
