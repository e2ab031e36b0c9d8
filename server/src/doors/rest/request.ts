import { invalid } from '../../platform/errors.ts'
import type { RestRoute } from '../../platform/rest-route.ts'
import { readBody } from '../http/body.ts'
import { planDocumentOf } from './plan.ts'
import { camelCase } from './shape.ts'

/** What the shim needs of a request. */
export interface ShimRequest {
  params: Record<string, string>
  query: URLSearchParams
  raw: Request
}

/** The request as variables of the route's document. Throws INVALID_INPUT naming an unknown or malformed field. */
export async function variablesOf(route: RestRoute, request: ShimRequest): Promise<Record<string, unknown>> {
  return {
    ...route.defaults,
    ...(await bodyVariables(route, request)),
    ...queryVariables(route, request.query),
    ...request.params,
    ...Object.fromEntries(
      (route.intParams ?? []).map((name) => [name, convert(name, request.params[name] ?? '', 'int')]),
    ),
  }
}

function queryVariables(route: RestRoute, query: URLSearchParams): Record<string, unknown> {
  const allowed = new Map((route.query ?? []).map((entry) => entry.split(':') as [string, string | undefined]))
  const variables: Record<string, unknown> = {}
  for (const [name, text] of query) {
    if (name === 'plan' && planDocumentOf(route)) continue
    if (!allowed.has(name)) throw invalid(name, `${name}: unknown query parameter.${hint([...allowed.keys()])}`)
    if (camelCase(name) in variables) throw invalid(name, `${name}: given twice.`)
    variables[camelCase(name)] = convert(name, text, allowed.get(name))
  }
  return variables
}

/** `plan=true`: only tell what would be done. Throws INVALID_INPUT for any other word than true and false. */
export function wantsPlan(query: URLSearchParams): boolean {
  return query.getAll('plan').some((text) => convert('plan', text, 'bool'))
}

function convert(name: string, text: string, type: string | undefined): unknown {
  if (type === 'int') {
    if (!/^-?\d{1,9}$/.test(text)) throw invalid(name, `${name}: "${text}" is not a whole number.`)
    return Number(text)
  }
  if (type === 'bool') {
    if (text !== 'true' && text !== 'false') throw invalid(name, `${name}: write true or false.`)
    return text === 'true'
  }
  return type === 'json' ? parseJson(name, text) : text
}

function hint(known: string[]): string {
  return known.length ? ` Known: ${known.join(', ')}.` : ''
}

async function bodyVariables(route: RestRoute, { raw }: ShimRequest): Promise<Record<string, unknown>> {
  if (raw.method === 'GET' || raw.method === 'DELETE') return {}
  const text = await readText(raw, route.largestBody)
  if (route.textBody) return { [route.textBody]: text }
  const body = parseBody(text)
  const allowed = route.body ?? []
  for (const name of Object.keys(body))
    if (!allowed.includes(name)) throw invalid(name, `${name}: unknown field.${hint(allowed)}`)
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [camelCase(name), value]))
}

async function readText(raw: Request, largest?: number): Promise<string> {
  const bytes = await readBody(raw, largest)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid('body', 'body: not valid UTF-8 text.')
  }
}

function parseBody(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  const body = parseJson('body', text)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('body', 'body: send a JSON object.')
  return body as Record<string, unknown>
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(name, `${name}: not valid JSON: ${(error as Error).message}.`)
  }
}
