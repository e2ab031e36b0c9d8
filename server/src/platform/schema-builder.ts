import SchemaBuilder from '@pothos/core'
import { GraphQLError } from 'graphql'
import type { Audit } from './audit.ts'
import type { Door } from './door.ts'

/** The domains' services, each added by its own graphql.ts (declaration merging). */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the domains
export interface Services {}

/** What a resolver gets: the services, and who asks. */
export interface RequestContext {
  services: Services
  via: Door
  audit: Audit
  requestId: string
}

/** The one schema builder. Everything is non-null unless it says so; every type, field and argument has a description. */
export const builder = new SchemaBuilder<{
  Context: RequestContext
  DefaultFieldNullability: false
  DefaultInputFieldRequiredness: false
  Scalars: {
    JSON: { Input: unknown; Output: unknown }
    DateTime: { Input: string; Output: string }
    ID: { Input: string; Output: string }
    /** Sizes in bytes are beyond 32 bits. */
    Bytes: { Input: number; Output: number }
  }
}>({ defaultFieldNullability: false })

/** Levels of a JSON value; beyond this nobody means it, and what walks over it would run out of stack. */
const deepestJson = 64

function notTooDeep(value: unknown): unknown {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestJson) throw new GraphQLError(`nested more than ${deepestJson} levels deep.`)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return value
}

builder.scalarType('JSON', {
  description: 'Any JSON value. Keys that people chose keep their case.',
  serialize: (value) => value,
  parseValue: notTooDeep,
  parseLiteral: (node) => {
    throw new GraphQLError(`Hand JSON in as a variable (found a ${node.kind}).`)
  },
})
builder.scalarType('DateTime', { description: 'A moment in UTC, ISO 8601.', serialize: (value) => value })
builder.scalarType('Bytes', { description: 'A size in bytes.', serialize: (value) => value })
builder.queryType({ description: 'Reads. They change nothing.' })
builder.mutationType({ description: 'Changes. Long ones answer at once with the operation to follow.' })
builder.subscriptionType({ description: 'Live feeds over graphql-ws.' })
