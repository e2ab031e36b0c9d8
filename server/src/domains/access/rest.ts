import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/access',
    summary: 'Is a token wanted?',
    document: '{ tokenWanted }',
    answer: 'data',
    wrap: 'token_wanted',
  },
  {
    method: 'POST',
    path: '/access/token',
    summary: 'A new token instead of the one in use; shown this once',
    document: 'mutation { replaceToken }',
    answer: 'data',
    wrap: 'token',
    noStore: true,
    status: 201,
  },
]
