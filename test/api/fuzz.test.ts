import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'

const runs = { quick: 300, ci: 2_000, full: 20_000 }[process.env.WILD_TEST_DEPTH ?? 'quick'] ?? 300
const seed = Number(process.env.WILD_TEST_SEED ?? Date.now() % 2 ** 31)
const limitMs = 30_000 + runs * 100

let daemon: Awaited<ReturnType<typeof startDaemon>>
// Two levels of our own, so that `..` and `../..` of the data directory are places nobody else writes to.
const outer = temporaryFolder('fuzz')
const folder = join(outer.path, 'inner')
const sentinel = join(folder, 'outside.yaml')
const routes: { method: string; path: string; fields: string[] }[] = []

beforeAll(async () => {
  mkdirSync(folder)
  writeFileSync(sentinel, 'outside: untouched\n')
  daemon = await startDaemon({ data: join(folder, 'data') })
  await daemon.rest('POST', '/instances', { name: 'home' })
  const { paths } = (await daemon.rest('GET', '/openapi.json')).body
  for (const [path, methods] of Object.entries<Record<string, Described>>(paths))
    for (const [method, { requestBody }] of Object.entries(methods))
      routes.push({
        method: method.toUpperCase(),
        path,
        fields: Object.keys(requestBody?.content?.['application/json']?.schema?.properties ?? {}),
      })
})
afterAll(async () => {
  await daemon.stop()
  outer.remove()
})

interface Described {
  requestBody?: { content?: { 'application/json'?: { schema?: { properties?: object } } } }
}

const nastyText = fc.oneof(
  fc.constantFrom(
    ...['', '.', '..', '../x', '../../outside.yaml', '/etc/passwd', 'Home', 'a'.repeat(300), 'home\0', '-', '\n', 'ü'],
    ...[
      '__proto__',
      'constructor',
      'a..b',
      'a[99999]',
      '"',
      '300.1.1.1',
      '10.0.0.0/99',
      '{{ .x }}',
      '*',
      '%00',
      '$(id)',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const name = fc.oneof({ weight: 3, arbitrary: fc.constant('home') }, nastyText)
const value = fc.oneof(nastyText, fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(-1, 1e308, true, null, [], {}))

const call = fc.record({
  route: fc.nat(),
  names: fc.array(name, { minLength: 3, maxLength: 3 }),
  values: fc.array(value, { minLength: 10, maxLength: 10 }),
  given: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
  unknown: fc.boolean(),
  query: fc.option(fc.tuple(fc.constantFrom('path', 'limit', 'before', 'status', 'plan', 'force', 'x'), nastyText)),
  shape: fc.oneof({ weight: 6, arbitrary: fc.constant('object' as const) }, fc.constantFrom('bytes' as const)),
  bytes: fc.uint8Array({ maxLength: 60 }),
})

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

/** The request a generated call stands for. */
function requestOf({ route, names, values, given, unknown, query, shape, bytes }: Call) {
  const { method, path, fields } = routes[route % routes.length]!
  let at = 0
  const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(names[at++ % names.length]!.toWellFormed()))
  const search = query ? `?${query[0]}=${encodeURIComponent(query[1].toWellFormed())}` : ''
  const body = Object.fromEntries(
    fields.filter((_field, i) => given[i % 10]).map((field, i) => [field, values[i % 10]]),
  )
  if (unknown) body.unknown_field = values[0]
  const sent = method === 'GET' ? undefined : shape === 'bytes' ? Buffer.from(bytes) : Buffer.from(JSON.stringify(body))
  return { method, path: `${filled}${search}`, sent }
}

/** fetch tidies addresses up; this sends them as they are. */
function send({ method, path, sent }: ReturnType<typeof requestOf>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': sent?.byteLength ?? 0 }
    const out = request(daemon.url, { method, path, headers }, (response) => {
      let text = ''
      // The log of an operation is followed to its end elsewhere; here its first bytes are enough.
      const enough = () => resolve({ status: response.statusCode ?? 0, text })
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (response.headers['content-type']?.includes('event-stream')) {
          enough()
          out.destroy()
        }
      })
      response.on('end', enough)
    })
    out.on('error', (error) => reject(new Error(`${method} ${path} ${sent ?? ''}: ${error.message}`)))
    out.end(sent)
  })
}

/** Everything outside the data directory that the daemon could have reached with a wrong name. */
function outside(): string[] {
  return [
    ...readdirSync(folder),
    ...readdirSync(outer.path),
    readFileSync(sentinel, 'utf8'),
    String(statSync(sentinel).mtimeMs),
  ]
}

describe('requests nobody would send', () => {
  it(
    `are refused without a 500 and without touching a file elsewhere (seed ${seed}, ${runs} requests)`,
    async () => {
      const before = outside()
      console.log(`fuzz: WILD_TEST_SEED=${seed}`)
      await fc.assert(
        fc.asyncProperty(call, async (generated) => {
          const made = requestOf(generated)
          const { status, text } = await send(made)
          expect([status, status === 500 ? `${made.method} ${made.path} ${made.sent} → ${text}` : '']).toEqual([
            status,
            '',
          ])
          expect(status).toBeGreaterThanOrEqual(200)
          if (status >= 400 && made.path.startsWith('/api/')) expect(JSON.parse(text).error.code).toMatch(/^[A-Z_]+$/)
        }),
        { numRuns: runs, seed },
      )
      expect(outside()).toEqual(before)
      expect((await daemon.rest('GET', '/health')).status).toBe(200)
    },
    limitMs,
  )

  it('in GraphQL get errors as answers', async () => {
    const deep = `{${'a{'.repeat(20_000)}b${'}'.repeat(20_000)}}`
    for (const query of [
      '',
      '{',
      '{ nope }',
      'mutation { deleteInstance }',
      deep,
      '{ instance(instance: 5) { name } }',
    ]) {
      const { status, body } = await daemon.graphql(query)
      expect([query.slice(0, 20), status < 500, body.errors[0].extensions.code]).toEqual([
        query.slice(0, 20),
        true,
        expect.not.stringContaining('INTERNAL'),
      ])
    }
  })

  it.each([
    ['too deep', `{"path":"a.b","value":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'value'],
    ['too large', `{"path":"a.b","value":"${'x'.repeat(4_000_000)}"}`, 'body'],
    ['not JSON', '{"path":', 'body'],
    ['of the wrong type', '{"path":5,"value":1}', 'path'],
  ])('whose body is %s are refused naming what is wrong', async (_what, text, field) => {
    const { status, body } = await daemon.rest('PUT', '/instances/home/config', text)
    expect([status, body.error.code, body.error.details.field]).toEqual([400, 'INVALID_INPUT', field])
  })
})
