import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aHousehold } from '../services/testing/a-household.ts'
import { type AppsService, createAppsService } from './service.ts'

const manifest = (name: string, rest: string) =>
  `name: ${name}\ntitle: ${name}\ndescription: d\nversion: "1"\ncategory: media\nicon: icon.svg\nlinks: {}\nready: []\n${rest}`
const blog = manifest(
  'blog',
  `dependsOn: [db]
config:
  domain: { type: hostname, title: Address, default: "blog.{{ .cloud.domain }}" }
  port: { type: integer, title: Port, default: 2368 }
  dbHost: { type: hostname, title: Database, default: "{{ .apps.db.host }}" }
  url: { type: string, title: URL, default: "https://{{ .apps.blog.domain }}" }
  mail.on: { type: boolean, title: Mail, default: false }
secrets:
  - { path: apps.blog.password, kind: generated }
  - { path: apps.db.rootPassword, kind: generated }
  - { path: apps.blog.dbUrl, kind: derived, template: "db://{{ .apps.blog.dbHost }}/{{ .secrets.apps.db.rootPassword }}" }
url: "https://{{ .apps.blog.domain }}"
`,
)
const db = manifest(
  'db',
  `dependsOn: []
config: { host: { type: hostname, title: Host, default: db.db.svc } }
secrets: [{ path: apps.db.rootPassword, kind: generated }]
`,
)

describe('adding an app', () => {
  let home: ReturnType<typeof aHousehold>
  let apps: AppsService
  const add = (config: Record<string, unknown> = {}) => apps.add({ instance: 'home', name: 'blog', config }, 'cli')
  const file = (path: string) => readFileSync(join(home.places.root, path), 'utf8')
  const secret = (path: string) => home.deps.secrets.value('home', path)
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => ({}),
      (error: { code: string; message: string; details: Record<string, unknown> }) => error,
    )

  beforeEach(() => {
    home = aHousehold()
    apps = createAppsService(home.deps)
    home.catalog('apps/blog/manifest.yaml', blog)
    home.catalog('apps/blog/app.yaml', 'host: {{ .apps.blog.domain }}:{{ .apps.blog.port }}\n')
    home.catalog('apps/db/manifest.yaml', db)
    home.catalog('apps/db/db.yaml', 'host: {{ .apps.db.host }}\n')
  })
  afterEach(() => home.close())

  it('fills in defaults, also those that refer to others, and renders the files of what it needs too', async () => {
    const app = await add()
    expect(app).toMatchObject({ status: 'configured', url: 'https://blog.cloud.example.com' })
    expect(app.config).toEqual({
      domain: 'blog.cloud.example.com',
      port: 2368,
      dbHost: 'db.db.svc',
      url: 'https://blog.cloud.example.com',
      mail: { on: false },
    })
    expect(file('apps/blog/app.yaml')).toBe('host: blog.cloud.example.com:2368\n')
    expect(file('apps/db/db.yaml')).toBe('host: db.db.svc\n')
  })

  it('lets what was given count for the defaults that refer to it', async () => {
    expect((await add({ domain: 'me.example.org', mail: { on: 'true' } })).config).toMatchObject({
      url: 'https://me.example.org',
      mail: { on: true },
    })
  })

  it('generates secrets once and derives others from them', async () => {
    await add()
    const root = await secret('apps.db.rootPassword')
    expect(root).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(await secret('apps.blog.dbUrl')).toBe(`db://db.db.svc/${root}`)
    await add({ port: 99 })
    expect(await secret('apps.db.rootPassword')).toBe(root)
    expect(statSync(home.places.secrets).mode & 0o777).toBe(0o600)
  })

  it('changes nothing the second time', async () => {
    await add()
    const before = home.snapshot()
    await add()
    expect(home.snapshot()).toEqual(before)
  })

  it('never overwrites what a person set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 65535 }), fc.domain(), async (port, domain) => {
        const by = { via: 'cli', reason: 'test' }
        const host = domain.toLowerCase()
        await home.deps.config.set(
          'home',
          [
            { path: 'apps.blog.port', value: port },
            { path: 'apps.blog.domain', value: host },
          ],
          by,
        )
        expect((await add()).config).toMatchObject({ port, domain: host })
        expect(file('apps/blog/app.yaml')).toBe(`host: ${host}:${port}\n`)
      }),
      { numRuns: 15 },
    )
  })

  it.each([
    [{ nope: 1 }, 'nope'],
    [{ port: 'many' }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ domain: 'Not A Host' }, 'domain'],
    [{ mail: { on: 'perhaps' } }, 'mail.on'],
    [{ mail: { off: true } }, 'mail.off'],
    [{ domain: ['a'] }, 'domain'],
  ])('refuses %j by name and changes nothing', async (config, field) => {
    const before = home.snapshot()
    expect(await refusal(add(config as never))).toMatchObject({ code: 'INVALID_INPUT', details: { field } })
    expect(home.snapshot()).toEqual(before)
  })

  it.each(['apps/blog/app.yaml', 'apps/db/db.yaml'])(
    'writes nothing at all when %s needs a missing setting',
    async (path) => {
      home.catalog(path, 'one: 1\nmail: {{ .cloud.smtp.host }}\n')
      const before = home.snapshot()
      expect(await refusal(add())).toMatchObject({
        code: 'INVALID_INPUT',
        details: { file: path.replace('apps/', ''), line: 2, field: 'cloud.smtp.host' },
      })
      expect(home.snapshot()).toEqual(before)
    },
  )

  it('writes nothing when a default or a derived secret cannot be worked out', async () => {
    home.catalog('apps/blog/manifest.yaml', blog.replace('.secrets.apps.db.rootPassword', '.secrets.apps.db.other'))
    const before = home.snapshot()
    expect(await refusal(add())).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'apps.blog.dbUrl' } })
    home.catalog('apps/blog/manifest.yaml', blog.replace('.cloud.domain', '.cloud.nowhere'))
    expect(await refusal(add())).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'domain' } })
    expect(home.snapshot()).toEqual(before)
  })

  it('keeps files that were edited by hand, and renders the others again', async () => {
    await add()
    writeFileSync(join(home.places.root, 'apps/blog/app.yaml'), 'mine')
    home.catalog('apps/blog/new.yaml', 'new')
    await add({ port: 99 })
    expect(file('apps/blog/app.yaml')).toBe('mine')
    expect(file('apps/blog/new.yaml')).toBe('new')
  })

  it('says which app is missing from the catalog, and which is unknown', async () => {
    home.catalog('apps/db/manifest.yaml', 'name: [broken')
    expect(await refusal(add())).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'blog needs db, which is not in the catalog, or cannot be used.',
    })
    expect(await refusal(apps.add({ instance: 'home', name: 'nothing' }, 'cli'))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await refusal(apps.get('home', 'blog'))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('lists the catalog with what cannot be used and why', async () => {
    home.catalog('apps/broken/manifest.yaml', 'name: [broken')
    expect((await apps.catalog()).map(({ name }) => name)).toEqual(['blog', 'broken', 'db'])
    expect((await apps.catalog())[1]!.description).toContain('cannot be used')
    expect(await apps.list('home')).toEqual([])
  })
})

describe('what adding an app would do', () => {
  let home: ReturnType<typeof aHousehold>
  let apps: AppsService
  beforeEach(() => {
    home = aHousehold()
    apps = createAppsService(home.deps)
    home.catalog('apps/blog/manifest.yaml', blog)
    home.catalog('apps/blog/app.yaml', claim('{{ .apps.blog.space }}'))
    home.catalog('apps/db/manifest.yaml', db)
    home.catalog('apps/db/db.yaml', workload)
  })
  afterEach(() => home.close())
  const claim = (size: string) =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: c }\nspec: { resources: { requests: { storage: "${size}" } } }\n`
  const workload =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\nspec: { replicas: 2, template: { spec: { containers: [{ name: c, resources: { requests: { cpu: 250m, memory: 1Gi } } }] } } }\n'

  it('is told with what it lacks, what it brings, and what it asks of the cluster; nothing is written', async () => {
    home.catalog(
      'apps/blog/manifest.yaml',
      blog
        .replace('config:\n', 'config:\n  space: { type: quantity, title: Space }\n')
        .replace('secrets:\n', 'secrets:\n  - { path: apps.blog.key, kind: supplied, description: d }\n'),
    )
    const before = home.snapshot()
    expect(await apps.proposal('home', 'blog')).toEqual({
      values: {
        ...{ domain: 'blog.cloud.example.com', port: 2368, dbHost: 'db.db.svc', 'mail.on': false },
        url: 'https://blog.cloud.example.com',
      },
      alongside: ['db'],
      missingSecrets: ['apps.blog.key'],
      missingSettings: ['apps.blog.space'],
      madeSecrets: ['apps.db.rootPassword', 'apps.blog.password'],
      ...{ cores: 0.5, memoryBytes: 2 * 2 ** 30, storageBytes: 1 },
    })
    expect(home.snapshot()).toEqual(before)
    home.catalog('apps/blog/app.yaml', claim('20Gi'))
    await apps.add({ instance: 'home', name: 'db' }, 'cli')
    expect(await apps.proposal('home', 'blog')).toMatchObject({
      ...{ alongside: [], missingSettings: [], cores: 0, memoryBytes: 0, storageBytes: 20 * 2 ** 30 },
    })
  })

  it('is told for the settings it would be added with', async () => {
    home.catalog(
      'apps/blog/manifest.yaml',
      blog.replace('config:\n', 'config:\n  space: { type: quantity, title: Space }\n'),
    )
    const before = home.snapshot()
    expect(await apps.proposal('home', 'blog', { space: '50Gi', domain: 'me.example.org' })).toMatchObject({
      values: { space: '50Gi', domain: 'me.example.org', url: 'https://me.example.org' },
      ...{ missingSettings: [], storageBytes: 50 * 2 ** 30 },
    })
    await expect(apps.proposal('home', 'blog', { space: 'much' })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', details: { field: 'space' } },
    })
    expect(home.snapshot()).toEqual(before)
  })

  it('is planned line by line, secrets by name only; what it would refuse is refused, and then there is nothing to do', async () => {
    const given = { instance: 'home', name: 'blog', config: { port: 99, space: '1Gi' } }
    const withSpace = blog.replace('config:\n', 'config:\n  space: { type: quantity, title: Space }\n')
    home.catalog('apps/blog/manifest.yaml', withSpace)
    const before = home.snapshot()
    const lines = (await apps.plannedAdd(given)).map(({ text }) => text)
    expect(lines).toContain('config.yaml: apps.blog.port = 99')
    expect(lines).toContain('secrets.yaml: apps.blog.password would be generated')
    expect(lines).toContain('apps/db/db.yaml would be written')
    await expect(apps.plannedAdd({ ...given, config: { port: 'many' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'port' },
    })
    await expect(apps.plannedAdd({ ...given, config: {} })).rejects.toMatchObject({
      details: { field: 'apps.blog.space' },
    })
    expect(home.snapshot()).toEqual(before)
    await apps.add(given, 'cli')
    expect(await apps.plannedAdd(given)).toEqual([])
  })

  it('is refused for apps that need each other in a circle, and nothing is written', async () => {
    home.catalog('apps/db/manifest.yaml', db.replace('dependsOn: []', 'dependsOn: [blog]'))
    home.place(home.places.kubeconfig, 'x')
    const before = home.snapshot()
    const input = { instance: 'home', name: 'blog' }
    const circle = { code: 'CONFIG_INVALID', message: expect.stringContaining('blog → db → blog') }
    await expect(apps.proposal('home', 'blog')).rejects.toMatchObject(circle)
    await expect(apps.add(input, 'cli')).rejects.toMatchObject(circle)
    await expect(apps.deploy({ instance: 'home', app: 'blog', add: true }, 'cli')).rejects.toMatchObject(circle)
    expect(home.snapshot()).toEqual(before)
  })
})

describe('deploying an app', () => {
  it('refuses what was not added, and where there is no cluster', async () => {
    const home = aHousehold()
    const apps = createAppsService(home.deps)
    home.catalog('apps/db/manifest.yaml', db)
    const deploy = () => apps.deploy({ instance: 'home', app: 'db' }, 'cli')
    await expect(deploy()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { hint: 'wild-cli app add db' } })
    await apps.add({ instance: 'home', name: 'db' }, 'cli')
    await expect(deploy()).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { hint: 'wild-cli cluster bootstrap' },
    })
    home.close()
  })

  it('lists every secret only a person knows, and does one thing at a time', async () => {
    const home = aHousehold()
    const apps = createAppsService(home.deps)
    const supplied = ['a', 'b'].map((key) => `{ path: apps.db.${key}, kind: supplied, description: d }`).join(', ')
    home.catalog('apps/db/manifest.yaml', manifest('db', `dependsOn: []\nsecrets: [${supplied}]\n`))
    await apps.add({ instance: 'home', name: 'db' }, 'cli')
    home.place(home.places.kubeconfig, 'x')
    const path = process.env.PATH
    process.env.PATH = `${new URL('../../../../lab/bin', import.meta.url).pathname}:${path}`
    const both = [1, 2].map(() => apps.deploy({ instance: 'home', app: 'db' }, 'cli'))
    // Whichever comes first holds the lock.
    const outcomes = await Promise.allSettled(both)
    const id = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []))[0]!
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'OPERATION_IN_PROGRESS', details: { operation_id: id } } },
    ])
    const { status, error } = await home.operations.ended(id)
    process.env.PATH = path
    expect(status).toBe('failed')
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { missing: ['apps.db.a', 'apps.db.b'] } })
    home.close()
  })
})
