import { beforeEach, describe, expect, it } from 'vitest'
import { testCli } from './testing/test-cli.ts'
import { answer, data, fail } from './testing/test-daemon.ts'

const { daemon, cli } = await testCli()

describe('exit codes', () => {
  const statuses = [
    [400, 2],
    [401, 2],
    [404, 3],
    [409, 4],
    [502, 5],
    [503, 5],
    [504, 5],
    [500, 1],
  ] as const

  it.each(statuses)('answers HTTP %i with exit %i and the message on stderr', async (status, exit) => {
    daemon.on('GET /instances', fail(status, 'SOME_CODE', 'it went wrong', { hint: 'try this instead' }))
    const { code, stdout, stderr } = await cli.run(['instance', 'list'])
    expect(code).toBe(exit)
    expect(stdout).toBe('')
    expect(stderr).toBe('ERROR: it went wrong\ntry this instead\n')
  })

  it('exits 6 and names the address when the daemon is down', async () => {
    const { code, stderr } = await cli.run(['instance', 'list'], { env: { WILD_DAEMON_URL: 'http://127.0.0.1:9' } })
    expect(code).toBe(6)
    expect(stderr).toContain('ERROR: Cannot reach the daemon at http://127.0.0.1:9')
    expect(stderr).toContain('WILD_DAEMON_URL')
  })

  it('exits 6 when something else answers at the address', async () => {
    daemon.on('GET /instances', (_call, response) => response.writeHead(404).end('<html>not found</html>'))
    const { code, stderr } = await cli.run(['instance', 'list'])
    expect(code).toBe(6)
    expect(stderr).toContain('is not the Wild Central daemon')
  })

  it.each([
    [['nonsense']],
    [['node']],
    [['node', 'setup']],
    [['instance', 'list', '-o', 'xml']],
    [['instance', 'list', '--bad-option']],
    [['secret', 'generate', 'a.b', '--length', 'many']],
  ])('exits 2 for wrong usage: %j', async (args) => {
    const { code, stdout, stderr } = await cli.run(args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })

  it('exits 2 for a daemon address that is no address', async () => {
    const { code, stderr } = await cli.run(['status'], { env: { WILD_DAEMON_URL: 'nonsense' } })
    expect(code).toBe(2)
    expect(stderr).toContain('WILD_DAEMON_URL')
  })

  it('names the operation that holds a lock', async () => {
    const details = { operation_id: 'op_bootstrap_1' }
    daemon.on('POST /instances/home/cluster/bootstrap', fail(409, 'OPERATION_IN_PROGRESS', 'busy', details))
    const { code, stderr } = await cli.run(['-i', 'home', 'cluster', 'bootstrap'])
    expect(code).toBe(4)
    expect(stderr).toContain('wild-cli operation logs op_bootstrap_1')
  })

  it('shows the command and the end of the output of a tool that failed', async () => {
    const output = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`).join('\n')
    daemon.on('GET /status', fail(502, 'TOOL_FAILED', 'talosctl failed', { command: 'talosctl version', output }))
    daemon.on('GET /instances', data({ instances: [] }))
    daemon.on('GET /operations', data({ operations: [] }))
    const { code, stderr } = await cli.run(['status'])
    expect(code).toBe(5)
    expect(stderr).toContain('Command: talosctl version')
    expect(stderr).toContain('| line 40')
    expect(stderr).not.toContain('| line 20\n')
  })
})

describe('help', () => {
  const commands = {
    status: [''],
    instance: ['create', 'list', 'show', 'delete'],
    context: ['get', 'use'],
    config: ['get', 'set', 'set-many', 'unset', 'show', 'edit', 'validate', 'keys', 'prompt'],
    secret: ['get', 'set', 'generate'],
    node: ['discover', 'list', 'show', 'setup', 'add', 'delete', 'hardware', 'assign'],
    cluster: ['generate', 'bootstrap', 'status', 'health', 'kubeconfig'],
    service: ['list', 'show', 'status', 'install', 'install-all'],
    app: ['catalog', 'list', 'show', 'add', 'deploy', 'status'],
    operation: ['list', 'show', 'logs', 'cancel', 'retry'],
  }
  const all = Object.entries(commands).flatMap(([group, verbs]) => verbs.map((verb) => [group, verb].filter(Boolean)))

  it.each(all.map((words) => [words.join(' '), words] as const))('of %s has an example', async (name, words) => {
    const { code, stdout } = await cli.run([...words, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  \\$ wild-cli ${name}|\\| wild-cli ${name}`))
    expect(stdout).toContain('--output')
  })

  it('lists the groups, the environment and the exit codes', async () => {
    const { code, stdout } = await cli.run(['--help'])
    expect(code).toBe(0)
    for (const group of Object.keys(commands)) expect(stdout).toMatch(new RegExp(`^  ${group}\\b`, 'm'))
    expect(stdout).toContain('WILD_DAEMON_URL')
    expect(stdout).toContain('Exit codes:')
  })
})

describe('the instance', () => {
  const nodes = (instance: string) => daemon.on(`GET /instances/${instance}/nodes`, data({ nodes: [] }))
  beforeEach(() => {
    daemon.on('GET /context', data({ current: 'from-context' }))
    for (const name of ['from-option', 'from-env', 'from-context']) nodes(name)
  })

  it.each([
    [['node', 'list', '--instance', 'from-option'], { WILD_INSTANCE: 'from-env' }, 'from-option'],
    [['node', 'list'], { WILD_INSTANCE: 'from-env' }, 'from-env'],
    [['node', 'list'], {}, 'from-context'],
  ])('comes from option, environment, context, in this order: %j %j', async (args, env, expected) => {
    const { stdout } = await cli.run(args, { env })
    expect(stdout).toContain(`No nodes in ${expected} yet`)
  })

  it('is asked for when there is none', async () => {
    daemon.on('GET /context', data({ current: null }))
    const { code, stderr } = await cli.run(['node', 'list'])
    expect(code).toBe(2)
    expect(stderr).toContain('wild-cli context use NAME')
  })

  it('cannot change the route with slashes in its name', async () => {
    await cli.run(['node', 'list', '-i', '../secrets?x'])
    expect(daemon.calls[0]!.path).toBe('/instances/..%2Fsecrets%3Fx/nodes')
  })
})

describe('output', () => {
  const instances = [
    { name: 'home', status: 'ready', node_count: 3, created_at: '2025-10-05T10:30:00Z', description: 'Main' },
    { name: 'a-longer-name', status: 'initialized', node_count: 0, created_at: '2025-10-05T10:30:00Z' },
  ]

  it('aligns columns and carries no colours into a pipe', async () => {
    daemon.on('GET /instances', data({ instances }))
    const { stdout } = await cli.run(['instance', 'list'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^NAME +STATUS +NODES +CREATED +DESCRIPTION$/)
    expect(new Set(lines.map((line) => line.search(/STATUS|ready|initialized/)))).toEqual(new Set([15]))
    expect(stdout).not.toContain('\u001b')
  })

  it('is the answer itself as JSON and as YAML', async () => {
    daemon.on('GET /instances', data({ instances }))
    const asJson = await cli.run(['instance', 'list', '-o', 'json'])
    expect(JSON.parse(asJson.stdout)).toEqual({ instances })
    const asYaml = await cli.run(['-o', 'yaml', 'instance', 'list'])
    expect(asYaml.stdout).toContain('instances:\n  - name: home\n    status: ready\n')
  })

  it('of an empty list says what to do next', async () => {
    daemon.on('GET /instances', data({ instances: [] }))
    const { code, stdout } = await cli.run(['instance', 'list'])
    expect(code).toBe(0)
    expect(stdout).toBe('No instances yet. Create one: wild-cli instance create home\n')
  })

  it('shows the daemon, its instances and what runs', async () => {
    daemon.on('GET /status', data({ daemon: 'running', version: '0.1.0', uptime: '1h', dnsmasq: 'stopped' }))
    daemon.on('GET /instances', data({ instances }))
    const running = [{ operation_id: 'op_1', type: 'node.setup', instance: 'home', status: 'running' }]
    daemon.on('GET /operations', data({ operations: running }))
    const { stdout } = await cli.run(['status'])
    expect(stdout).toContain('Daemon:')
    expect(stdout).toContain('a-longer-name')
    expect(stdout).toContain('op_1')
  })

  it('sends the token', async () => {
    daemon.on('GET /instances', data({ instances }))
    await cli.run(['instance', 'list'], { env: { WILD_TOKEN: 'tok-123' } })
    expect(daemon.calls[0]!.headers.authorization).toBe('Bearer tok-123')
  })
})

describe('instance', () => {
  it('create sends nested settings and says what comes next', async () => {
    daemon.on('POST /instances', data({ name: 'home', status: 'initialized' }, 201))
    daemon.on('GET /context', data({ current: 'home' }))
    const { code, stdout } = await cli.run([
      'instance',
      'create',
      'home',
      '--set',
      'cloud.domain=a.example',
      '--set',
      'x.n=5',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('SUCCESS: Instance home created.')
    expect(daemon.calls[0]!.body).toEqual({ name: 'home', config: { cloud: { domain: 'a.example' }, x: { n: 5 } } })
  })

  it('create exits 4 when it exists', async () => {
    daemon.on('POST /instances', fail(409, 'ALREADY_EXISTS', 'Instance home already exists'))
    expect((await cli.run(['instance', 'create', 'home'])).code).toBe(4)
  })

  it('delete wants --yes where nobody can be asked', async () => {
    daemon.on('GET /instances/home', data({ name: 'home', status: 'ready' }))
    daemon.on('DELETE /instances/home', answer({ success: true, message: 'Instance deleted' }))
    const refused = await cli.run(['instance', 'delete', 'home'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--yes')
    expect(daemon.calls.map(({ method }) => method)).not.toContain('DELETE')
    expect((await cli.run(['instance', 'delete', 'home', '--yes'])).code).toBe(0)
  })
})

describe('config', () => {
  const env = { WILD_INSTANCE: 'home' }
  const route = '/instances/home/config'

  it.each([
    [['cluster.nodeCount', '5'], 5],
    [['cluster.flag', 'true'], true],
    [['cluster.nodes.talos.version', 'v1.11.5'], 'v1.11.5'],
    [['cluster.pool', '192.168.1.80-192.168.1.89'], '192.168.1.80-192.168.1.89'],
    [
      ['a.list', '[a, 2]'],
      ['a', 2],
    ],
    [['a.text', 'key: value'], 'key: value'],
    [['a.template', '{{ .cloud.domain }}'], '{{ .cloud.domain }}'],
    [['a.zip', '01234', '--string'], '01234'],
    [['a.number', '5', '--string'], '5'],
  ])('set %j sends the value as YAML reads it', async (args, value) => {
    daemon.on(`PUT ${route}`, answer({ success: true, message: 'Configuration updated' }))
    const { code } = await cli.run(['config', 'set', ...args], { env })
    expect(code).toBe(0)
    expect(daemon.calls.find(({ method }) => method === 'PUT')?.body).toEqual({ path: args[0], value })
  })

  it('set says already done for a value that is there', async () => {
    daemon.on(`GET ${route}`, data(5))
    const { code, stdout } = await cli.run(['config', 'set', 'cluster.nodeCount', '5'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('already done')
    expect(daemon.calls.map(({ method }) => method)).not.toContain('PUT')
  })

  it('get prints a scalar as it is and a map as YAML', async () => {
    daemon.on(`GET ${route}`, data('home'))
    expect((await cli.run(['config', 'get', 'cluster.name'], { env })).stdout).toBe('home\n')
    daemon.on(`GET ${route}`, data({ name: 'home', n: 1 }))
    expect((await cli.run(['config', 'get', 'cluster'], { env })).stdout).toBe('name: home\nn: 1\n')
  })

  it('show prints the file with its comments', async () => {
    daemon.on(`GET ${route}/yaml`, (_call, response) => response.end('# mine\na: 1\n'))
    expect((await cli.run(['config', 'show'], { env })).stdout).toBe('# mine\na: 1\n')
  })
})

describe('version', () => {
  it('is printed without asking the daemon', async () => {
    const { code, stdout } = await cli.run(['--version'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(daemon.calls).toEqual([])
  })
})

describe('names that cannot be names', () => {
  it.each([
    [['instance', 'show', ''], 'The name is empty.'],
    [['instance', 'show', '..'], '".." is not a name.'],
    [['app', 'status', '.', '-i', 'home'], '"." is not a name.'],
    [['node', 'list', '-i', ''], '--instance is empty.'],
  ])('never reach the daemon: %j', async (args, message) => {
    const { code, stderr } = await cli.run(args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(`ERROR: ${message}\n`)])
    expect(daemon.calls).toEqual([])
  })
})

describe('hints', () => {
  it('that are a command are told as one', async () => {
    daemon.on('GET /instances/nope', fail(404, 'NOT_FOUND', 'No such thing.', { hint: 'wild-cli instance list' }))
    const { stderr } = await cli.run(['instance', 'show', 'nope'])
    expect(stderr).toBe('ERROR: No such thing.\nTry: wild-cli instance list\n')
  })

  it('name the operation in the way once', async () => {
    const details = { operation_id: 'op_1', hint: 'wild-cli operation logs op_1' }
    daemon.on('POST /instances/home/cluster/bootstrap', fail(409, 'OPERATION_IN_PROGRESS', 'busy', details))
    const { stderr } = await cli.run(['-i', 'home', 'cluster', 'bootstrap'])
    expect(stderr).toBe(
      'ERROR: busy\nFollow it: wild-cli operation logs op_1    Cancel it: wild-cli operation cancel op_1\n',
    )
  })
})
