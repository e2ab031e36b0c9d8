import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../server/src/doors/rest/routes.ts'
import { documentOf } from '../../server/src/doors/rest/shape.ts'
import { startDaemon, temporaryFolder } from '../world.ts'

const folder = temporaryFolder('every-plan')
let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon({ data: folder.path })
  await daemon.rest('POST', '/instances', { name: 'home' })
  await daemon.rest('PUT', '/instances/home/config', { path: 'operator.email', value: 'old@example.com' })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'there.already', value: 'a-secret-that-is-there' })
  await daemon.rest('PUT', '/settings', { key: 'trash.keepDays', value: 45 })
  await daemon.rest('PUT', '/pxe/machines/52:54:00:12:34:56', { instance: 'home' })
})
afterAll(async () => {
  await daemon.stop()
  folder.remove()
})

const changing = routes.filter(({ document }) =>
  documentOf(document).definitions.some(
    (part) => part.kind === Kind.OPERATION_DEFINITION && part.operation === 'mutation',
  ),
)

/** What a body needs, by the name of the field. */
const samples: Record<string, unknown> = {
  name: 'work',
  path: 'operator.email',
  value: 'canary@of-a-plan.example.com',
  changes: [{ path: 'operator.email', value: 'new@example.com' }],
  yaml: 'operator:\n  email: new@example.com\n',
  instance: 'home',
  passphrase: 'canary@of-a-plan.example.com',
  archive: 'AAAA',
  template: '{{ .cluster.name }}',
  files: [],
  mac: '52:54:00:12:34:56',
  role: 'worker',
  key: 'trash.keepDays',
}

/** Where one sample does not fit all: an app that needs no setting of the person, a setting that is a number. */
const fitting: Record<string, Record<string, unknown>> = {
  '/instances/{instance}/apps': { name: 'redis' },
  '/settings': { value: 60 },
}

const place: Record<string, string> = { instance: 'home', service: 'smtp', version: '1', mac: '52:54:00:12:34:56' }
const pathOf = (path: string) => path.replace(/\{(\w+)\}/g, (_all, name: string) => place[name] ?? 'some-name')

function ask(route: (typeof routes)[number], plan: string) {
  const body = Object.fromEntries(
    (route.body ?? []).flatMap((name) =>
      name in samples ? [[name, fitting[route.path]?.[name] ?? samples[name]]] : [],
    ),
  )
  const given = ['path', 'key'].flatMap((name) => (route.query?.includes(name) ? [`&${name}=${samples[name]}`] : []))
  const payload = route.textBody ? samples[route.textBody] : body
  return daemon.rest(
    route.method,
    `${pathOf(route.path)}?plan=${plan}${given.join('')}`,
    route.method === 'DELETE' ? undefined : payload,
  )
}

/** Every file of the instances and settings, by its content. */
function everything(): Record<string, string> {
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/wild-central\.db|\.log$/.test(entry.name),
  )
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  return Object.fromEntries(
    files.map(({ parentPath, name }) => join(parentPath, name)).map((path) => [path, hash(path)]),
  )
}

describe('a row that changes something', () => {
  const direct = changing.filter(({ plan, planOf }) => !plan && !planOf)

  it.each(direct.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers its plan, changes nothing, and shows no value that was handed in as if it were no secret',
    async (_name, route) => {
      const before = everything()
      const { status, text, body } = await ask(route, 'true')
      expect([status, status === 200 ? '' : text]).toEqual([200, ''])
      expect(body.data).toMatchObject({ type: expect.any(String), title: expect.any(String), steps: [{}] })
      if (!/\/config/.test(route.path)) expect(text).not.toContain('canary@of-a-plan')
      expect(everything()).toEqual(before)
      expect((await daemon.rest('GET', '/operations')).body.data.operations).toEqual([])
    },
  )

  it.each(changing.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s does nothing when plan is neither true nor false',
    async (_name, route) => {
      const before = everything()
      const { status, body } = await ask(route, 'yes')
      expect([status, body.error?.details?.field]).toEqual([400, 'plan'])
      expect(everything()).toEqual(before)
    },
  )
})

describe('the plan of a change', () => {
  const plan = async (method: string, path: string, body?: unknown) =>
    daemon.rest(method, `${path}${path.includes('?') ? '&' : '?'}plan=true`, body)

  it('of config.yaml is the difference, and nothing to do when it says so already', async () => {
    const { body } = await plan('PUT', '/instances/home/config', { path: 'operator.email', value: 'new@example.com' })
    expect(body.data.nothing_to_do).toBe(false)
    expect(body.data.steps[0].changes[0].diff).toMatch(/-.*old@example\.com\n\+.*new@example\.com/)
    const same = await plan('PUT', '/instances/home/config', { path: 'operator.email', value: 'old@example.com' })
    expect(same.body.data).toMatchObject({ nothing_to_do: true, steps: [{ state: 'done' }] })
  })

  it('of a setting of the daemon is the difference of its file, of network boot what it does', async () => {
    const { body } = await plan('PUT', '/settings', { key: 'trash.keepDays', value: 60 })
    expect(body.data.steps[0].changes[0].diff).toMatch(/-.*45\n\+.*60/)
    expect((await plan('PUT', '/settings', { key: 'trash.keepDays', value: 45 })).body.data.nothing_to_do).toBe(true)
    const off = await plan('DELETE', '/settings?key=trash.keepDays')
    expect(off.body.data.steps[0].changes[0].diff).toMatch(/-.*45/)
    const texts = async (body: object) =>
      (await plan('PUT', '/pxe/config', body)).body.data.steps[0].changes.map(({ text }: { text: string }) => text)
    expect(await texts({ unknown: 'nothing' })).toEqual(['Unknown machines get nothing; now: a menu on its screen'])
    expect((await texts({ enabled: true }))[0]).toMatch(/^Files to boot from are served to the network: [\d.]+, port/)
    expect(await texts({ enabled: false })).toEqual([])
    const at = '/pxe/machines/52:54:00:12:34:56'
    expect((await plan('PUT', at, { instance: 'home' })).body.data.nothing_to_do).toBe(true)
  })

  it.each([
    ['PUT', '/settings', { key: 'trash.keepDays', value: 0 }, 400],
    ['PUT', '/pxe/config', { unknown: 'instance', instance: 'nowhere' }, 404],
    ['DELETE', '/pxe/machines/52:54:00:00:00:01', undefined, 404],
    ['PUT', '/instances/home/config', { path: 'operator.email.deeper', value: 1 }, 400],
    ['PUT', '/instances/home/config', { path: 'operator.email' }, 400],
    ['DELETE', '/instances/home/config?path=not.there', undefined, 404],
    ['POST', '/instances/home/config/history/99/restore', {}, 404],
    ['PUT', '/instances/nowhere/secrets', { path: 'a.b', value: 'c' }, 404],
    ['POST', '/instances', { name: 'home' }, 409],
    ['POST', '/instances', { name: '../x' }, 400],
    ['DELETE', '/instances/nowhere', undefined, 404],
    ['PUT', '/pxe/config', { enabled: 'perhaps' }, 400],
  ])('of %s %s %j is refused as the change is: %i', async (method, path, body, status) => {
    const answers = [await plan(method, path, body), await daemon.rest(method, path, body)]
    expect(answers.map((answer) => [answer.status, answer.body.error.code])).toEqual([
      [status, expect.any(String)],
      [status, answers[0]!.body.error.code],
    ])
  })

  it('through GraphQL names an unknown mutation, an unknown argument, and one that is missing', async () => {
    const ask = async (name: string, input: unknown) =>
      (await daemon.rest('POST', '/changes/plan', { name, input })).body.error.message
    expect(await ask('constructor', {})).toContain('constructor')
    expect(await ask('setConfig', { instance: 'home', other: 1 })).toContain('other')
    expect(await ask('setConfig', { instance: 'home', path: 'a' })).toContain('value')
  })
})
