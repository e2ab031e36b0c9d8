import { type DocumentNode, type GraphQLSchema, subscribe } from 'graphql'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { rootField } from './shape.ts'

/** Opens a GraphQL subscription of one field; its errors are thrown. */
export async function openSubscription<T>(
  { schema, context }: { schema: GraphQLSchema; context: RequestContext },
  document: DocumentNode,
  variables: Record<string, unknown>,
): Promise<AsyncIterator<T, undefined>> {
  const source = await subscribe({ schema, document, variableValues: variables, contextValue: context })
  if (!(Symbol.asyncIterator in source)) throw source.errors?.[0] ?? new Error('no stream')
  const field = rootField(document)
  const iterator = source[Symbol.asyncIterator]()
  return {
    async next() {
      const item = await iterator.next()
      if (item.done) return { value: undefined, done: true }
      if (item.value.errors?.length) throw item.value.errors[0]
      return { value: item.value.data?.[field.name.value] as T, done: false }
    },
    async return() {
      await iterator.return?.()
      return { value: undefined, done: true }
    },
  }
}
