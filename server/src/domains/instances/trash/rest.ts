import type { RestRoute } from '../../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/trash',
    summary: 'Deleted instances',
    document: '{ trash { entry name description deletedAt goneAt size files apps } }',
    answer: 'data',
    wrap: 'trash',
  },
  {
    method: 'POST',
    path: '/trash/{entry}/restore',
    summary: 'Put a deleted instance back',
    body: ['name'],
    document:
      'mutation ($entry: String!, $name: String) { restoreInstance(entry: $entry, name: $name) { name description status createdAt } }',
    answer: 'data',
  },
  {
    method: 'DELETE',
    path: '/trash/{entry}',
    summary: 'Remove a deleted instance for good',
    document: 'mutation ($entry: String!) { deleteTrash(entry: $entry) }',
    answer: 'message',
    message: 'Removed for good',
  },
]
