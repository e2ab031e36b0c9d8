import { coerceInputValue, type GraphQLField, type GraphQLSchema } from 'graphql'
import { invalid, notFound } from '../platform/errors.ts'
import type { RequestContext } from '../platform/schema-builder.ts'
import type { PlannedChange } from './define.ts'
import type { Plan, PlannedStep } from './plan.ts'

/** What a change that is made at once would do; nothing when all is so already. Throws what the change itself would. */
export type ChangePlan<Args> = (args: Args, context: RequestContext) => Promise<PlannedChange[]>

/** Puts a plan of its own on a mutation: spread it into the field's options. */
export function plannedBy<Args>(plan: ChangePlan<Args>): { extensions: { plan: ChangePlan<Args> } } {
  return { extensions: { plan } }
}

/** Arguments that say what a change is about: names and places, never what is written. */
export const telling = [
  'name',
  'node',
  'nodes',
  'service',
  'app',
  'path',
  'id',
  'type',
  'version',
  'mac',
  'snapshot',
  'entry',
]

const formOnly = 'only its form was checked; the rest is when it is done'

/**
 * A change that is made at once, as a plan of one step: by the plan its mutation has, else what would be asked, without
 * any value that might be a secret. Throws INVALID_INPUT naming the argument, NOT_FOUND for an unknown mutation.
 */
export async function planChange(
  schema: GraphQLSchema,
  change: { name: string; input: unknown },
  context: RequestContext,
): Promise<Plan> {
  const fields = schema.getMutationType()?.getFields() ?? {}
  const field = Object.hasOwn(fields, change.name) ? fields[change.name] : undefined
  if (!field) throw notFound('change', change.name, 'the mutations of /graphql')
  const args = checkedArgs(field, change.input)
  const own = field.extensions.plan as ChangePlan<unknown> | undefined
  const changes = own ? await own(args, context) : asked(args)
  const done = changes.length === 0
  const step: PlannedStep = {
    id: field.name,
    title: firstSentence(field.description ?? field.name),
    state: done ? 'done' : 'would_run',
    reason: own ? undefined : formOnly,
    changes,
  }
  const instance = typeof args.instance === 'string' ? args.instance : undefined
  return { type: field.name, title: step.title, instance, steps: [step], nothingToDo: done }
}

/** The arguments as the mutation would get them. */
function checkedArgs(field: GraphQLField<unknown, unknown>, input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid('input', 'input: hand in an object.')
  const unknown = Object.keys(input).find((name) => !field.args.some((arg) => arg.name === name))
  if (unknown !== undefined) throw invalid(unknown, `${unknown}: unknown field.`)
  const given = new Map(Object.entries(input))
  const args = field.args.flatMap(({ name, type, defaultValue }) => {
    const value = given.get(name) ?? defaultValue
    const checked = coerceInputValue(value, type, (_path, _value, error) => {
      throw invalid(name, `${name}: ${error.message}`)
    })
    return given.has(name) || defaultValue !== undefined ? [[name, checked]] : []
  })
  return Object.fromEntries(args) as Record<string, unknown>
}

function asked(args: Record<string, unknown>): PlannedChange[] {
  const words = Object.entries(args).map(([name, value]) => {
    const tells = name === 'instance' || telling.includes(name) || typeof value === 'boolean'
    return tells ? `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}` : `${name}: as given`
  })
  return [{ kind: 'note', text: words.length ? words.join(', ') : 'it takes nothing' }]
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0].slice(0, -1) ?? text
}
