import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { RestRoute } from '../../platform/rest-route.ts'
import { snakeCase } from '../graphql/errors.ts'
import { planDocumentOf } from './plan.ts'
import { camelCase, documentOf, rootField } from './shape.ts'

type Json = Record<string, unknown>

const scalars: Record<string, Json> = {
  String: { type: 'string' },
  ID: { type: 'string' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  Bytes: { type: 'integer', format: 'int64' },
  JSON: {},
}

const failure: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: { type: 'object', additionalProperties: true },
      },
    },
  },
}

/** The OpenAPI 3.1 description of the REST door, made from the same table and the schema behind it. */
export function openApi(schema: GraphQLSchema, routes: RestRoute[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = `/api/v1${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(schema, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Wild Central', version, license: { name: 'Apache-2.0' } },
    paths,
    components: { schemas: { Failure: failure } },
  }
}

function operation(schema: GraphQLSchema, route: RestRoute): Json {
  const document = documentOf(route.document)
  const root = rootField(document)
  const definition = document.definitions[0]
  const kind = definition?.kind === Kind.OPERATION_DEFINITION ? definition.operation : 'query'
  const rootTypes = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  const field = rootTypes[kind]!.getFields()[root.name.value]!
  const status = String(route.status ?? (route.answer === 'operation' ? 202 : 200))
  return {
    summary: route.summary,
    description: field.description ?? undefined,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z]+(\w)?/g, (_all, letter?: string) => (letter ?? '').toUpperCase())}`,
    parameters: parameters(route, field),
    ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { requestBody: requestBody(route, field) }),
    responses: {
      [status]: { description: 'Success', content: content(route, field, root.selectionSet) },
      default: {
        description: 'Failure',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
      },
    },
  }
}

type Field = GraphQLField<unknown, unknown>

function argument(field: Field, name: string): { schema: Json; required: boolean; description?: string } {
  const found = field.args.find((arg) => arg.name === camelCase(name))
  if (!found) return { schema: {}, required: false }
  return {
    schema: inputSchema(found.type),
    required: isNonNullType(found.type),
    description: found.description ?? undefined,
  }
}

function parameters(route: RestRoute, field: Field): Json[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    ...argument(field, name!),
    required: true,
  }))
  const inQuery = (route.query ?? []).map((entry) => {
    const [name, type] = entry.split(':') as [string, string | undefined]
    const { schema, ...rest } = argument(field, name)
    return { name, in: 'query', ...rest, ...(type === 'json' ? { content: json(schema) } : { schema }) }
  })
  const plan =
    planDocumentOf(route) && !route.query?.includes('plan')
      ? [
          {
            name: 'plan',
            in: 'query',
            schema: { type: 'boolean' },
            description: 'Answer what would be done, change nothing.',
          },
        ]
      : []
  return [...inPath, ...inQuery, ...plan]
}

function requestBody(route: RestRoute, field: Field): Json {
  if (route.textBody) return { required: true, content: { 'text/plain': { schema: { type: 'string' } } } }
  const fields = (route.body ?? []).map((name) => ({ name, ...argument(field, name) }))
  const properties = Object.fromEntries(
    fields.map(({ name, schema, description }) => [name, { ...schema, description }]),
  )
  const required = fields
    .filter((entry) => entry.required && route.defaults?.[camelCase(entry.name)] === undefined)
    .map(({ name }) => name)
  return {
    required: required.length > 0,
    content: { 'application/json': { schema: { type: 'object', properties, required, additionalProperties: false } } },
  }
}

function content(route: RestRoute, field: Field, selection: SelectionSetNode | undefined): Json {
  if (route.answer === 'file' || route.answer === 'bytes')
    return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  if (route.answer === 'text') return { 'text/plain': { schema: { type: 'string' } } }
  if (route.answer === 'stream' || route.answer === 'feed')
    return { 'text/event-stream': { schema: { type: 'string' } } }
  const value = outputSchema(field.type, selection)
  const success = { success: { const: true } }
  if (route.answer === 'operation') return json(value)
  if (route.answer === 'message')
    return json({
      type: 'object',
      required: ['success', 'message'],
      properties: { ...success, message: { type: 'string' } },
    })
  const data = route.wrap ? { type: 'object', required: [route.wrap], properties: { [route.wrap]: value } } : value
  return json({
    type: 'object',
    required: ['success', 'data'],
    properties: { ...success, ...(route.message ? { message: { type: 'string' } } : {}), data },
  })
}

function json(schema: Json): Json {
  return { 'application/json': { schema } }
}

function inputSchema(type: GraphQLInputType): Json {
  const bare = getNullableType(type)
  if (isListType(bare)) return { type: 'array', items: inputSchema(bare.ofType as GraphQLInputType) }
  if (isEnumType(bare)) return { type: 'string', enum: bare.getValues().map(({ name }) => name) }
  if (isInputObjectType(bare)) return { type: 'object' }
  return { ...scalars[getNamedType(bare).name] }
}

function outputSchema(type: GraphQLOutputType, selection: SelectionSetNode | undefined): Json {
  const bare = getNullableType(type)
  if (isListType(bare)) return { type: 'array', items: outputSchema(bare.ofType as GraphQLOutputType, selection) }
  if (isEnumType(bare)) return { type: 'string', enum: bare.getValues().map(({ name }) => name) }
  if (!isObjectType(bare)) return { ...scalars[getNamedType(bare).name] }
  const properties: Record<string, Json> = {}
  const required: string[] = []
  for (const part of selection?.selections ?? []) {
    if (part.kind !== Kind.FIELD) continue
    const inner = bare.getFields()[part.name.value]
    if (!inner) continue
    const key = snakeCase(part.alias?.value ?? part.name.value)
    properties[key] = { ...outputSchema(inner.type, part.selectionSet), description: inner.description ?? undefined }
    if (isNonNullType(inner.type)) required.push(key)
  }
  return { type: 'object', properties, required }
}
