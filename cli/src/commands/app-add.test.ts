import { beforeEach, describe, expect, it } from 'vitest'
import { noTerminal, onTerminal } from '../testing/on-terminal.ts'
import { testCli } from '../testing/test-cli.ts'
import { accepted, answer, data } from '../testing/test-daemon.ts'
import { addOperation } from '../testing/test-operation.ts'

const env = { WILD_INSTANCE: 'home' }
const home = '/instances/home'
const enough = { alongside: [], missing_secrets: [], missing_settings: [], made_secrets: [] }
const figures = { values: { domain: 'blog.b.org' }, cores: 0.35, memory_bytes: 768e6, storage_bytes: 11e9 }
const { daemon, cli } = await testCli()

beforeEach(() => {
  daemon.on(`GET ${home}/config/keys`, data({ keys: [] }))
  daemon.on(
    `GET /apps/blog`,
    data({ name: 'blog', settings: [{ name: 'space', title: 'Space', help: 'For pictures' }] }),
  )
  daemon.on(`POST ${home}/apps`, answer({ success: true, data: {} }))
  daemon.on(`POST ${home}/apps/blog/deploy`, accepted('op_1'))
  daemon.on(`PUT ${home}/secrets`, answer({ success: true }))
  addOperation(daemon, { id: 'op_1', steps: [{ title: 'Working', state: 'done' }] })
})

const propose = (lacks: Partial<typeof enough> | Record<string, string[]>) =>
  daemon.on(`GET ${home}/apps/blog/proposal`, data({ ...enough, ...figures, ...lacks }))
const changes = () => daemon.calls.filter(({ method }) => method !== 'GET')
const paths = () => changes().map(({ path }) => path)
/** The settings the last proposal was asked for with. */
const asked = () => {
  const { path } = daemon.calls.filter((call) => call.path.includes('/proposal')).at(-1)!
  return JSON.parse(new URL(path, 'http://x').searchParams.get('config') ?? 'null')
}
const lacking = {
  alongside: ['db'],
  missing_settings: ['apps.blog.space', 'cloud.smtp.host'],
  missing_secrets: ['apps.blog.key'],
}
const terminal = (...args: string[]) => [process.execPath, cli.file, ...args]
const daemonEnv = () => ({ ...env, WILD_DAEMON_URL: daemon.url })

describe('app proposal', () => {
  it('tells what adding would set, bring along and ask for, and changes nothing', async () => {
    propose({ ...lacking, made_secrets: ['apps.blog.password'] })
    const { code, stdout } = await cli.run(['app', 'proposal', 'blog'], { env })
    expect(code).toBe(0)
    for (const text of [
      'db',
      '0.35 CPU',
      '768 MB',
      '11 GB',
      'apps.blog.password',
      'apps.blog.key',
      'domain: blog.b.org',
    ])
      expect(stdout).toContain(text)
    const json = await cli.run(['app', 'proposal', 'blog', '-o', 'json'], { env })
    expect(JSON.parse(json.stdout)).toMatchObject({ alongside: ['db'], cores: 0.35 })
    expect(changes()).toEqual([])
  })

  it('is asked for with the settings it would be added with', async () => {
    propose({})
    const { code, stdout } = await cli.run(['app', 'proposal', 'blog', '--set', 'space=50Gi'], { env })
    expect([code, stdout]).toEqual([0, expect.stringContaining('wild-cli app add blog --set space=50Gi')])
    expect(asked()).toEqual({ space: '50Gi' })
  })
})

describe('app deploy --add', () => {
  it('adds the app with the settings given, in one operation', async () => {
    propose({ alongside: ['db'] })
    const args = ['app', 'deploy', 'blog', '--add', '--set', 'space=20Gi', '--set', 'smtp.port=25']
    expect((await cli.run(args, { env })).code).toBe(0)
    expect(changes()).toMatchObject([
      {
        path: `${home}/apps/blog/deploy`,
        body: { force: false, dry_run: false, add: true, config: { space: '20Gi', smtp: { port: 25 } } },
      },
    ])
  })

  it('is wanted by --set, which is no update', async () => {
    const { code, stderr } = await cli.run(['app', 'deploy', 'blog', '--set', 'space=1Gi'], { env })
    expect([code, stderr]).toEqual([2, expect.stringContaining('wild-cli app update blog --set space=1Gi')])
    expect(changes()).toEqual([])
  })

  it('shows its plan without asking for what is missing', async () => {
    daemon.on(`POST ${home}/apps/blog/deploy`, data({ title: 'Deploy', steps: [] }))
    propose(lacking)
    expect((await cli.run(['app', 'deploy', 'blog', '--add', '--plan'], { env })).code).toBe(0)
    expect(changes()).toMatchObject([{ path: `${home}/apps/blog/deploy?plan=true`, body: { add: true } }])
  })
})

describe('what an app lacks, without a terminal', () => {
  it.each([[[]], [['--yes']]])('is listed at once before anything starts (%j)', async (more) => {
    propose(lacking)
    const { code, stderr } = await cli.run(['app', 'deploy', 'blog', '--add', ...more], { env })
    expect(code).toBe(2)
    for (const line of [
      'wild-cli config set apps.blog.space VALUE',
      'wild-cli config set cloud.smtp.host VALUE',
      'wild-cli secret set apps.blog.key',
    ])
      expect(stderr).toContain(line)
    expect(changes()).toEqual([])
  })

  it('is listed by add too, but secrets can wait until it is deployed', async () => {
    propose(lacking)
    const refused = await cli.run(['app', 'add', 'blog'], { env })
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('apps.blog.space, cloud.smtp.host.')])
    expect(changes()).toEqual([])
    // What is given is told to the daemon, which then does not miss it.
    propose({ missing_secrets: ['apps.blog.key'] })
    const added = await cli.run(['app', 'add', 'blog', '--set', 'space=1Gi'], { env })
    expect([added.code, added.stdout]).toEqual([0, expect.stringContaining('wild-cli secret set apps.blog.key')])
    expect(asked()).toEqual({ space: '1Gi' })
    expect(paths()).toEqual([`${home}/apps`])
  })

  it('keeps an app that is there from being deployed without its secrets', async () => {
    propose({ missing_secrets: ['apps.blog.key'] })
    const { code, stderr } = await cli.run(['app', 'deploy', 'blog'], { env })
    expect([code, stderr]).toEqual([2, expect.stringContaining('wild-cli secret set apps.blog.key')])
    expect(changes()).toEqual([])
  })
})

describe.skipIf(noTerminal)('what an app lacks, on a terminal', () => {
  it('is asked for: other apps, settings by their titles, secrets unseen; then it is added', async () => {
    propose({ ...lacking, missing_settings: ['apps.blog.space'] })
    const { code, text } = await onTerminal(terminal('app', 'add', 'blog', '--set', 'mail.from=me'), daemonEnv(), [
      ['blog needs db, which is not there yet. Add it too?', 'y'],
      ['Space (For pictures)', '20Gi\r'],
      ['secret apps.blog.key', 'hunter-two\r'],
    ])
    expect(code).toBe(0)
    expect(changes()).toMatchObject([
      { path: `${home}/apps`, body: { name: 'blog', config: { space: '20Gi', mail: { from: 'me' } } } },
      { path: `${home}/secrets`, body: { path: 'apps.blog.key', value: 'hunter-two' } },
    ])
    expect(text).not.toContain('hunter')
  })

  it('is asked for by deploy, which offers to add what is not there', async () => {
    propose({ alongside: ['db'], missing_secrets: ['apps.blog.key'] })
    const { code } = await onTerminal(terminal('app', 'deploy', 'blog', '--no-wait'), daemonEnv(), [
      ['blog is not added to home yet. Add it?', 'y'],
      ['blog needs db', 'y'],
      ['secret apps.blog.key', 'hunter-two\r'],
    ])
    expect(code).toBe(0)
    expect(changes()).toMatchObject([
      { path: `${home}/secrets` },
      { path: `${home}/apps/blog/deploy`, body: { add: true } },
    ])
  })

  it.each([
    ['add', 'blog needs db'],
    ['deploy', 'Add it?'],
  ])('leaves everything as it was when the person says no to %s', async (verb, question) => {
    propose(lacking)
    const { code } = await onTerminal(terminal('app', verb, 'blog'), daemonEnv(), [[question, 'n']])
    expect([code, changes()]).toEqual([130, []])
  })
})
