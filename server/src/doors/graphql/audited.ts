import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { telling } from '../../operations/change-plan.ts'
import type { RequestContext } from '../../platform/schema-builder.ts'
import { behind } from './errors.ts'

/** They change nothing, or note more than their name by themselves. */
const notedElsewhere = ['revealSecret', 'replaceToken', 'exportInstance', 'renderTemplate', 'renderTemplateFiles']

/** Every mutation, through whichever door, is noted in the audit trail with its end. Changes `schema` and answers it. */
export function audited(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
    if (!notedElsewhere.includes(field.name)) field.resolve = noted(field.name, field.resolve ?? defaultFieldResolver)
  return schema
}

function noted(
  action: string,
  resolve: GraphQLFieldResolver<unknown, RequestContext>,
): GraphQLFieldResolver<unknown, RequestContext> {
  return async (source, args, context, info) => {
    const entry = { action, door: context.via, instance: text(args.instance), key: keyOf(args) }
    try {
      const result = await resolve(source, args, context, info)
      context.audit.record(entry)
      return result
    } catch (error) {
      context.audit.record({ ...entry, failed: behind(error).code })
      throw error
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 200) : undefined
}

function keyOf(args: Record<string, unknown>): string | undefined {
  const said = telling.flatMap((name) => {
    const value = args[name]
    if (Array.isArray(value)) return value.flatMap((each) => text(each) ?? [])
    return typeof value === 'number' ? [`${value}`] : (text(value) ?? [])
  })
  return said.length ? said.join(' ').slice(0, 400) : undefined
}
