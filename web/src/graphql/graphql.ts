import { initGraphQLTada } from 'gql.tada'
import type { introspection } from '../graphql-env.d.ts'

/** Documents typed by schema.graphql. */
export const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: { DateTime: string; Bytes: number; JSON: unknown }
}>()
