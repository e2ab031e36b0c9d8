import { beforeEach, describe, expect, it } from 'vitest'
import { noTerminal, onTerminal } from '../testing/on-terminal.ts'
import { testCli } from '../testing/test-cli.ts'
import { accepted, answer, data, fail } from '../testing/test-daemon.ts'
import { addOperation } from '../testing/test-operation.ts'

const env = { WILD_INSTANCE: 'home' }
const home = '/instances/home'
const { daemon, cli } = await testCli()
let values: Record<string, unknown>

/** The keys as a daemon tells them, over the values set so far. */
function keys() {
  const base = values['cloud.baseDomain']
  const all = [
    { path: 'operator.email', kind: 'e-mail', help: 'Contact.', question: 'Your e-mail address', required: true },
    { path: 'cloud.baseDomain', kind: 'domain', help: 'Zone.', question: 'Your domain', required: true },
    {
      ...{ path: 'cloud.domain', kind: 'domain', help: 'Public domain.', question: 'Names of apps end in' },
      ...{ required: true, suggestion: base && `cloud.${base}` },
    },
    { path: 'cluster.nodes.control.vip', kind: 'address', help: 'VIP.', required: false, suggestion: '10.0.0.90' },
    { path: 'cloud.smtp.host', kind: 'text', help: 'Mail.', question: 'Mail server', required: false },
  ]
  return all.map((key) => ({ ...key, is_set: key.path in values }))
}

const set = () => ({ 'operator.email': 'a@b.org', 'cloud.baseDomain': 'b.org', 'cloud.domain': 'c.b.org' })

beforeEach(() => {
  values = {}
  daemon.on(`GET ${home}/config/keys`, (call, response) => data({ keys: keys() })(call, response))
  daemon.on(`PUT ${home}/config`, (call, response) => {
    const { path, value } = call.body as { path: string; value: unknown }
    if (path === 'operator.email' && !`${value}`.includes('@'))
      return fail(400, 'INVALID_INPUT', 'operator.email: this is no e-mail address.')(call, response)
    values[path] = value
    answer({ success: true })(call, response)
  })
  daemon.on(`POST ${home}/config/change`, (call, response) => {
    for (const { path, value } of (call.body as { changes: { path: string; value: unknown }[] }).changes)
      values[path] = value
    answer({ success: true })(call, response)
  })
  daemon.on(`GET ${home}/nodes`, data({ nodes: [{ name: 'control-1' }] }))
  daemon.on(`POST ${home}/nodes/control-1/setup`, accepted('op_1'))
  daemon.on(`POST ${home}/cluster/bootstrap`, accepted('op_1'))
  daemon.on(`POST ${home}/services`, accepted('op_1'))
  daemon.on(`POST ${home}/services/install-all`, accepted('op_1'))
  daemon.on(`POST ${home}/apps`, answer({ success: true, data: {} }))
  addOperation(daemon, { id: 'op_1', steps: [{ title: 'Working', state: 'done' }] })
})

const changes = () => daemon.calls.filter(({ method }) => method !== 'GET').map(({ path }) => path)

const commands: [string, string[], string][] = [
  ['node setup', ['node', 'setup', 'control-1'], `${home}/nodes/control-1/setup`],
  ['cluster bootstrap', ['cluster', 'bootstrap'], `${home}/cluster/bootstrap`],
  ['service install', ['service', 'install', 'traefik'], `${home}/services`],
  ['service install-all', ['service', 'install-all'], `${home}/services/install-all`],
  ['app add', ['app', 'add', 'ghost'], `${home}/apps`],
]

describe.each(commands)('%s', (_name, args, starts) => {
  it('starts nothing while settings are missing, and lists all of them with the command for each', async () => {
    const { code, stderr } = await cli.run(args, { env })
    expect(code).toBe(2)
    for (const path of ['operator.email', 'cloud.baseDomain', 'cloud.domain'])
      expect(stderr).toContain(`wild-cli config set ${path} VALUE`)
    expect(stderr).not.toContain('cloud.smtp.host')
    expect(changes()).toEqual([])
  })

  it('with --yes takes the defaults, or lists what has none and changes nothing', async () => {
    const refused = await cli.run([...args, '--yes'], { env })
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('operator.email, cloud.baseDomain')])
    expect(changes()).toEqual([])
    values = { ...set(), 'cluster.nodes.control.vip': '10.0.0.90' }
    delete values['cloud.domain']
    expect((await cli.run([...args, '--yes'], { env })).code).toBe(0)
    expect(changes()).toEqual([`${home}/config/change`, starts])
    expect(values['cloud.domain']).toBe('cloud.b.org')
  })

  it('asks nothing once all is set', async () => {
    values = { ...set(), 'cluster.nodes.control.vip': '10.0.0.90' }
    expect((await cli.run(args, { env })).code).toBe(0)
    expect(changes()).toEqual([starts])
  })
})

describe('missing settings', () => {
  it('do not keep a plan from being shown', async () => {
    daemon.on(`POST ${home}/cluster/bootstrap`, data({ steps: [] }))
    await cli.run(['cluster', 'bootstrap', '--plan'], { env })
    expect(changes()).toEqual([`${home}/cluster/bootstrap?plan=true`])
  })

  it('that only some commands need are asked for by those', async () => {
    values = set()
    const { stderr } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(stderr).toContain('Not set yet: cluster.nodes.control.vip.')
    expect(stderr).toContain('--yes')
    expect((await cli.run(['service', 'install-all'], { env })).code).toBe(0)
  })

  it('of a service and of those it needs are listed before anything starts, secrets too', async () => {
    values = set()
    const services = [
      { name: 'mail', core: false, dependencies: ['relay'], missing_settings: ['mail.sender'], missing_secrets: [] },
      {
        name: 'relay',
        core: false,
        dependencies: [],
        missing_settings: ['cloud.smtp.host'],
        missing_secrets: ['r.key'],
      },
      { name: 'other', core: false, dependencies: [], missing_settings: ['other.key'], missing_secrets: ['o.key'] },
    ]
    daemon.on(`GET ${home}/services`, data({ services }))
    for (const more of [[], ['--yes']]) {
      const { code, stderr } = await cli.run(['service', 'install', 'mail', ...more], { env })
      expect([code, stderr]).toEqual([2, expect.stringContaining('cloud.smtp.host, mail.sender, r.key.')])
      expect(stderr).toContain('wild-cli secret set r.key')
    }
    expect(changes()).toEqual([])
    expect((await cli.run(['service', 'install-all'], { env })).code).toBe(0)
  })

  it.skipIf(noTerminal)('that are secrets are asked for without being shown', async () => {
    values = set()
    const mail = { name: 'mail', dependencies: [], missing_settings: ['mail.sender'], missing_secrets: ['m.key'] }
    daemon.on(`GET ${home}/services`, data({ services: [mail] }))
    daemon.on(`PUT ${home}/secrets`, answer({ success: true }))
    const command = [process.execPath, cli.file, 'service', 'install', 'mail', '--no-wait']
    const { code, text } = await onTerminal(command, { ...env, WILD_DAEMON_URL: daemon.url }, [
      ['Value (mail.sender)', 'me@b.org\r'],
      ['secret m.key', 'hunter-two\r'],
    ])
    expect([code, values['mail.sender']]).toEqual([0, 'me@b.org'])
    expect(text).not.toContain('hunter')
    expect(daemon.calls.find(({ path }) => path === `${home}/secrets`)!.body).toEqual({
      path: 'm.key',
      value: 'hunter-two',
    })
    expect(changes().at(-1)).toBe(`${home}/services`)
  })

  it.skipIf(noTerminal)('of a service are asked for in the words of its manifest, what is optional too', async () => {
    values = set()
    let written: Record<string, unknown> = {}
    const relay = { name: 'relay', dependencies: [], missing_settings: ['r.host'], missing_secrets: [] }
    const field = (name: string, prompt: string, otherwise?: unknown) => ({
      ...{ name, type: 'string', title: name, prompt, default: otherwise, value: written[name] },
    })
    daemon.on(`GET ${home}/services`, data({ services: [relay] }))
    daemon.on(`GET ${home}/services/relay`, (call, response) =>
      data({
        ...relay,
        settings: [field('r.host', 'Which host?'), field('r.from', 'Which sender?', `me@${written['r.host']}`)],
        secrets: [{ path: 'r.key', kind: 'supplied', optional: true, description: 'Its password', is_set: false }],
      })(call, response),
    )
    daemon.on(`PUT ${home}/services/relay/settings`, (call, response) => {
      const { config } = call.body as { config: Record<string, unknown> }
      if (config['r.host'] === 'no host') return fail(400, 'INVALID_INPUT', 'r.host: this is no host.')(call, response)
      written = { ...written, ...config }
      answer({ success: true, data: {} })(call, response)
    })
    daemon.on(`PUT ${home}/secrets`, answer({ success: true }))
    const command = [process.execPath, cli.file, 'service', 'install', 'relay', '--no-wait']
    const { code, text } = await onTerminal(command, { ...env, WILD_DAEMON_URL: daemon.url }, [
      ['Which host? (r.host)', 'no host\r'],
      ['this is no host', ''],
      ['Which host? (r.host)', 'b.org\r'],
      ['Which sender? (r.from)', '\r'],
      ['Its password (r.key; Enter leaves it out)', 'hunter-three\r'],
    ])
    expect([code, written]).toEqual([0, { 'r.host': 'b.org', 'r.from': 'me@b.org' }])
    expect(text).not.toContain('hunter')
    expect(daemon.calls.find(({ path }) => path === `${home}/secrets`)!.body).toEqual({
      path: 'r.key',
      value: 'hunter-three',
    })
    expect(changes().at(-1)).toBe(`${home}/services`)
  })

  it.skipIf(noTerminal)('are asked for on a terminal, again after a bad answer, then the command goes on', async () => {
    values = { 'cluster.nodes.control.vip': '10.0.0.90' }
    const command = [process.execPath, cli.file, 'cluster', 'bootstrap', '--no-wait']
    const { code, text } = await onTerminal(command, { ...env, WILD_DAEMON_URL: daemon.url }, [
      ['Your e-mail address', 'nonsense\r'],
      ['this is no e-mail address', ''],
      ['Your e-mail address', 'you@b.org\r'],
      ['Your domain', 'b.org\r'],
      ['Names of apps end in', '\r'],
    ])
    expect([code, text]).toEqual([0, expect.stringContaining('op_1')])
    expect(values).toMatchObject({ 'operator.email': 'you@b.org', 'cloud.baseDomain': 'b.org' })
    expect(values['cloud.domain']).toBe('cloud.b.org')
    expect(changes().at(-1)).toBe(`${home}/cluster/bootstrap`)
  })

  it.skipIf(noTerminal)('leave everything as it was when the person stops', async () => {
    const command = [process.execPath, cli.file, 'cluster', 'bootstrap']
    const { code } = await onTerminal(command, { ...env, WILD_DAEMON_URL: daemon.url }, [['Your e-mail', '\u0003']])
    expect(code).toBe(130)
    expect(changes()).toEqual([])
  })
})
