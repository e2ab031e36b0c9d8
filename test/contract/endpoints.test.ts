import { readFileSync } from 'node:fs'
import { buildSchema, type GraphQLObjectType, Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema } from '../../server/src/doors/graphql/schema.ts'
import { openApi } from '../../server/src/doors/rest/openapi.ts'
import { routes } from '../../server/src/doors/rest/routes.ts'
import { documentOf, rootField } from '../../server/src/doors/rest/shape.ts'
import plan from './plan-endpoints.json' with { type: 'json' }

/** Parameters are named by us; the plan's `{name}` is our `{instance}`. */
const anyNames = (path: string) => path.replace(/\{\w+\}/g, '{}')
const ours = new Set(routes.map(({ method, path }) => `${method} ${anyNames(path)}`))
const pending = new Set(plan.pending.map(anyNames))

describe('the plan’s endpoints', () => {
  it('are all listed: 53', () => {
    expect(plan.endpoints).toHaveLength(53)
  })

  it.each(plan.endpoints.map(({ method, path }) => `${method} ${path}`))(
    '%s is there, or is named as pending',
    (endpoint) => {
      const key = anyNames(endpoint)
      expect([key, ours.has(key)]).toEqual([key, !pending.has(key)])
    },
  )

  it.each(plan.endpoints.filter(({ response }) => response !== undefined && !('pending' in (response as object))))(
    '$method $path answers at least the plan’s fields',
    ({ method, path, response, status }) => {
      if (pending.has(anyNames(`${method} ${path}`))) return
      const route = routes.find(
        (candidate) => candidate.method === method && anyNames(candidate.path) === anyNames(path),
      )!
      expect(route.status ?? (route.answer === 'operation' ? 202 : 200)).toBe(status)
      const described = openApi(schema, routes, 'test') as {
        paths: Record<
          string,
          Record<string, { responses: Record<string, { content: Record<string, { schema: Shape }> }> }>
        >
      }
      const { content } = described.paths[`/api/v1${route.path}`]![method.toLowerCase()]!.responses[String(status)]!
      expect(missing(response, content['application/json']!.schema, '')).toEqual([])
    },
  )
})

interface Shape {
  properties?: Record<string, Shape>
  items?: Shape
  type?: string
}

/** Paths of the sample that the described answer does not have; free-form JSON has everything. */
function missing(sample: unknown, shape: Shape, at: string): string[] {
  if (Array.isArray(sample)) return sample.length && shape.items ? missing(sample[0], shape.items, `${at}[]`) : []
  if (typeof sample !== 'object' || sample === null || !shape.properties) return []
  return Object.entries(sample).flatMap(([key, value]) => {
    const inner = shape.properties![key]
    return inner ? missing(value, inner, `${at}.${key}`) : [`${at}.${key}`]
  })
}

describe('the doors agree', () => {
  const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {})

  it('every query and mutation can be reached through REST', () => {
    const reached = new Set(
      routes
        .flatMap(({ document, plan: planned }) => [document, ...(planned ? [planned] : [])])
        .map((text) => rootField(documentOf(text)).name.value),
    )
    const all = [...fieldsOf(schema.getQueryType()), ...fieldsOf(schema.getMutationType())]
    expect(all.filter((name) => !reached.has(name))).toEqual([])
  })

  it('every route’s variables are path parameters, query parameters or body fields', () => {
    for (const route of routes) {
      const definition = parse(route.document).definitions[0]
      if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(route.path)
      const given = new Set([
        ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
        ...(route.query ?? []).map((entry) => camel(entry.split(':')[0]!)),
        ...(route.body ?? []).map(camel),
        ...(route.textBody ? [route.textBody] : []),
        ...(route.ranges ? [route.ranges] : []),
        ...Object.keys(route.defaults ?? {}),
      ])
      const wanted = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
      expect([route.path, wanted.filter((name) => !given.has(name))]).toEqual([route.path, []])
    }
  })

  it('schema.graphql is what the code says', () => {
    const printed = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
    expect(fieldsOf(printed.getQueryType()).sort()).toEqual(fieldsOf(schema.getQueryType()).sort())
  })

  it('everything in the schema is described', () => {
    const bare = Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('__') && !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name))
      .flatMap((type) => {
        const fields = 'getFields' in type ? Object.values(type.getFields()) : []
        const undescribed = fields.filter((field) => !field.description).map((field) => `${type.name}.${field.name}`)
        return [...(type.description ? [] : [type.name]), ...undescribed]
      })
    expect(bare).toEqual([])
  })
})

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}
