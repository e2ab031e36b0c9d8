import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pick, printSeed, seed } from '../depth.ts'
import { startDaemon, temporaryFolder } from '../world.ts'

const runs = pick({ quick: 500, ci: 10_000, full: 10_000 })
let daemon: Awaited<ReturnType<typeof startDaemon>>
const folder = temporaryFolder('fuzz-files')
const sentinel = join(folder.path, 'outside.yaml')

beforeAll(async () => {
  writeFileSync(sentinel, 'outside: untouched\n')
  daemon = await startDaemon({ data: join(folder.path, 'data') })
  for (const name of ['home', 'other']) await daemon.rest('POST', '/instances', { name })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'apps.ghost.key', value: 'some-secret-value' })
})
afterAll(async () => {
  await daemon.stop()
  folder.remove()
})

const nasty = fc.oneof(
  fc.constantFrom(
    ...['', '.', '..', '../other', '../../outside.yaml', '/etc/passwd', 'home\0', 'HOME', 'hоme', '%2e%2e', '-', '\n'],
    ...[
      '__proto__',
      'constructor',
      'a..b',
      'a[99999]',
      'a."__proto__"',
      '"',
      'a'.repeat(600),
      '{{',
      '{{ . }}',
      '\uFEFF',
    ],
    ...['{{ file.Read "../../outside.yaml" }}', '{{ tpl "{{ . }}" }}', '{{ range 99999 }}{{ end }}', '*x', '&a [*a]'],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const instance = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('home', 'other') }, nasty)
const path = fc.oneof(
  fc.constantFrom(
    'cluster.name',
    'cloud.domain',
    'apps.ghost.key',
    'new.key',
    'list[0]',
    'nodes."10.0.0.1".disk',
    'cluster',
  ),
  nasty,
)
const json = fc.oneof(nasty, fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(-1, 1e308, 32, true, false, null))
const yaml = fc.oneof(
  nasty,
  fc.constantFrom(
    'a: 1\n',
    'cluster:\n  name: home\n',
    '- a\n',
    'a: &x [1]\nb: *x\n',
    'a:\n\tb: 1\n',
    'a: 1\r\nb: 2\r\n',
  ),
)
const file = fc.record({ path, text: nasty, current: fc.option(nasty, { nil: undefined }) })

/** What a request may carry, by the name of the field. */
const fields: Record<string, fc.Arbitrary<unknown>> = {
  name: instance,
  description: json,
  config: json,
  path,
  value: json,
  generate: json,
  overwrite: json,
  length: json,
  charset: fc.oneof(fc.constantFrom('hex', 'ascii'), json),
  reason: json,
  template: nasty,
  current: json,
  compare: json,
  secrets: json,
  files: fc.oneof(fc.array(file, { maxLength: 4 }), json),
  yaml,
}

const rest = {
  'GET /instances': [],
  'POST /instances': ['name', 'description', 'config'],
  'GET /instances/{}': [],
  'GET /instances/{}/config': [],
  'PUT /instances/{}/config': ['path', 'value'],
  'GET /instances/{}/config/yaml': [],
  'PUT /instances/{}/config/yaml': ['yaml'],
  'GET /instances/{}/secrets': [],
  'PUT /instances/{}/secrets': ['path', 'value', 'generate'],
  'DELETE /instances/{}/secrets': [],
  'GET /instances/{}/secrets/list': [],
  'POST /instances/{}/secrets/generate': ['path', 'length', 'charset', 'overwrite'],
  'POST /instances/{}/secrets/reveal': ['path', 'reason'],
  'POST /instances/{}/templates/render': ['template', 'name', 'current', 'compare', 'secrets'],
  'POST /instances/{}/templates/render-dir': ['files', 'compare', 'secrets'],
}

interface Made {
  method: string
  path: string
  body: string | undefined
}

const restCall: fc.Arbitrary<Made> = fc
  .constantFrom(...(Object.entries(rest) as [string, string[]][]))
  .chain(([endpoint, names]) =>
    fc.record({
      endpoint: fc.constant(endpoint),
      name: instance,
      query: fc.option(path, { nil: undefined, freq: 2 }),
      body: fc.record(Object.fromEntries(names.map((each) => [each, fields[each]!])), { requiredKeys: [] }),
    }),
  )
  .map(({ endpoint, name, query, body }) => {
    const [method, pattern] = endpoint.split(' ') as [string, string]
    const at = pattern.replace('{}', encodeURIComponent(name.toWellFormed()))
    const search = query === undefined ? '' : `?path=${encodeURIComponent(query.toWellFormed())}`
    const text = pattern.endsWith('/yaml') ? String((body as { yaml?: string }).yaml ?? '') : JSON.stringify(body)
    return { method, path: `/api/v1${at}${search}`, body: method === 'GET' || method === 'DELETE' ? undefined : text }
  })

const documents: Record<string, string[]> = {
  'query ($name: String!) { instance(name: $name) { name status } }': ['name'],
  'query ($name: String!, $path: String) { config(instance: $name, path: $path) }': ['name', 'path'],
  'query ($name: String!) { secretList(instance: $name) { secrets { path kind } warnings } }': ['name'],
  'query ($name: String!, $path: String) { secrets(instance: $name, path: $path) }': ['name', 'path'],
  'mutation ($name: String!, $path: String!, $value: JSON!) { setConfig(instance: $name, path: $path, value: $value) }':
    ['name', 'path', 'value'],
  'mutation ($name: String!, $path: String!, $value: String) { setSecret(instance: $name, path: $path, value: $value) }':
    ['name', 'path', 'value'],
  'mutation ($name: String!, $path: String!, $length: Int, $charset: String) { generateSecret(instance: $name, path: $path, length: $length, charset: $charset) { path } }':
    ['name', 'path', 'length', 'charset'],
  'mutation ($name: String!, $path: String!, $reason: String) { revealSecret(instance: $name, path: $path, reason: $reason) { path } }':
    ['name', 'path', 'reason'],
  'mutation ($name: String!, $path: String!) { deleteSecret(instance: $name, path: $path) }': ['name', 'path'],
  'mutation ($name: String!, $template: String!, $secrets: Boolean) { renderTemplate(instance: $name, template: $template, secrets: $secrets) { text } }':
    ['name', 'template', 'secrets'],
  'mutation ($name: String!, $files: [TemplateFileInput!]!, $compare: Boolean) { renderTemplateFiles(instance: $name, files: $files, compare: $compare) { path state } }':
    ['name', 'files', 'compare'],
}

const graphqlCall: fc.Arbitrary<Made> = fc
  .constantFrom(...Object.entries(documents))
  .chain(([query, names]) =>
    fc.record({
      query: fc.constant(query),
      variables: fc.record(Object.fromEntries(names.map((each) => [each, fields[each]!]))),
    }),
  )
  .map((body) => ({ method: 'POST', path: '/graphql', body: JSON.stringify(body) }))

/** fetch tidies addresses up; this sends them as they are. */
function send({ method, path: at, body }: Made): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : Buffer.from(body)
    const headers = { 'content-type': 'application/json', 'content-length': sent?.byteLength ?? 0 }
    const out = request(daemon.url, { method, path: at, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    out.on('error', reject)
    out.end(sent)
  })
}

/** Everything beside the data directory: it is the daemon's to leave alone. */
function outside(): unknown[] {
  return [readdirSync(folder.path).sort(), readFileSync(sentinel, 'utf8'), statSync(sentinel).mtimeMs]
}

describe('requests about instances, config, secrets and templates', () => {
  it(
    `never end in a 500 and never touch a file outside the data directory (${runs} requests)`,
    async () => {
      printSeed('fuzz of files')
      const before = outside()
      await fc.assert(
        fc.asyncProperty(fc.oneof(restCall, graphqlCall), async (made) => {
          const { status, text } = await send(made)
          const internal = status === 500 || /"code":"INTERNAL"/.test(text)
          expect(internal ? `${made.method} ${made.path} ${made.body} → ${status} ${text}` : '').toBe('')
          expect(text).not.toContain('outside: untouched')
        }),
        { numRuns: runs, seed: seed() },
      )
      expect(outside()).toEqual(before)
      // Instances that were made have names, and nothing else is where they are.
      const names = readdirSync(join(daemon.data, 'instances'))
      expect(names.filter((name) => !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))).toEqual([])
      expect((await daemon.rest('GET', '/health')).status).toBe(200)
    },
    60_000 + runs * 100,
  )
})
