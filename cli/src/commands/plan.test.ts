import { describe, expect, it } from 'vitest'
import { testCli } from '../testing/test-cli.ts'
import { data, fail } from '../testing/test-daemon.ts'

const { daemon, cli } = await testCli()

const env = { WILD_INSTANCE: 'home' }
const plan = {
  type: 'a.b',
  title: 'Bootstrap cluster home',
  usual_ms: 130_000,
  nothing_to_do: false,
  steps: [
    { id: 'one', title: 'One', state: 'done', reason: 'it is there', changes: [] },
    { id: 'two', title: 'Two', state: 'would_run', changes: [] },
    {
      id: 'two/file',
      parent: 'two',
      title: 'Writing',
      state: 'would_run',
      changes: [{ kind: 'file', text: 'Changes config.yaml', diff: '--- a\n+++ b\n-old\n+new\n' }],
    },
    {
      id: 'two/run',
      parent: 'two',
      title: 'Running',
      state: 'would_run',
      changes: [{ kind: 'command', text: 'talosctl bootstrap' }],
    },
    { id: 'three', title: 'Three', state: 'would_run', reason: 'depends on the steps before it', changes: [] },
    { id: 'four', title: 'Four', state: 'would_fail', reason: 'There is no cluster.', changes: [] },
  ],
}

describe('--plan', () => {
  const commands: [string[], string][] = [
    [['node', 'discover'], '/instances/home/nodes/discover'],
    [['cluster', 'bootstrap'], '/instances/home/cluster/bootstrap'],
    [['service', 'install', 'metallb'], '/instances/home/services'],
    [['service', 'install-all'], '/instances/home/services/install-all'],
    [['app', 'deploy', 'ghost'], '/instances/home/apps/ghost/deploy'],
    [['operation', 'retry', 'op_1'], '/operations/op_1/retry'],
  ]

  it.each(commands)('of %j asks what would be done and starts nothing', async (args, path) => {
    daemon.on(`POST ${path}`, data(plan))
    const { code, stdout } = await cli.run([...args, '--plan'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('Plan: Bootstrap cluster home')
    expect(daemon.calls.map((call) => `${call.method} ${call.path}`)).toEqual([`POST ${path}?plan=true`])
  })

  const changes: [string[], string][] = [
    [['config', 'set', 'cluster.name', 'new'], 'PUT /instances/home/config'],
    [['config', 'unset', 'cluster.name'], 'DELETE /instances/home/config'],
    [['config', 'history', 'restore', '3'], 'POST /instances/home/config/history/3/restore'],
    [['secret', 'delete', 'apps.ghost.apiKey'], 'DELETE /instances/home/secrets'],
    [['secret', 'generate', 'apps.ghost.apiKey'], 'POST /instances/home/secrets/generate'],
    [['instance', 'create', 'work'], 'POST /instances'],
    [['instance', 'delete', 'home'], 'DELETE /instances/home'],
    [['context', 'use', 'home'], 'POST /context'],
    [['dns', 'restart'], 'POST /dnsmasq/restart'],
    [['app', 'add', 'ghost'], 'POST /instances/home/apps'],
    [['operation', 'cancel', 'op_1'], 'POST /operations/op_1/cancel'],
  ]

  it.each(changes)('of %j, which is done at once, asks nobody and only for the plan', async (args, route) => {
    daemon.on(route, data(plan))
    daemon.on('GET /instances/home/config/keys', data({ keys: [] }))
    daemon.on('GET /instances/home', data({ name: 'home', status: 'configured' }))
    const { code, stdout, stderr } = await cli.run([...args, '--plan'], { env })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Plan: Bootstrap cluster home')
    expect(stdout).toContain('Nothing was changed.')
    const sent = daemon.calls.filter(({ method }) => method !== 'GET')
    expect(sent.map(({ method, path }) => [`${method} ${path.split('?')[0]}`, path.endsWith('plan=true')])).toEqual([
      [route, true],
    ])
  })

  it('shows steps, commands and file differences', async () => {
    daemon.on('POST /instances/home/cluster/bootstrap', data(plan))
    const { stdout } = await cli.run(['cluster', 'bootstrap', '--plan'], { env })
    expect(stdout.split('\n')).toEqual([
      'Plan: Bootstrap cluster home',
      'Usually takes 2m 10s.',
      '✔ One … done already (it is there)',
      '→ Two',
      '  → Writing … would run',
      '      Changes config.yaml',
      '        --- a',
      '        +++ b',
      '        -old',
      '        +new',
      '  → Running … would run',
      '      $ talosctl bootstrap',
      '? Three … unknown yet (depends on the steps before it)',
      '✖ Four … cannot run (There is no cluster.)',
      '5 steps: 1 done already, 2 would run, 1 unknown yet, 1 cannot run.',
      'INFO: Nothing was changed. Leave out --plan to do it.',
      '',
    ])
  })

  it('says that there is nothing to do', async () => {
    daemon.on('POST /instances/home/cluster/bootstrap', data({ ...plan, steps: [], nothing_to_do: true }))
    const { stdout } = await cli.run(['cluster', 'bootstrap', '--plan'], { env })
    expect(stdout).toContain('Everything is done already.')
  })

  it.each([[['--json']], [['-o', 'json']]])('answers the plan as it came with %j', async (options) => {
    daemon.on('POST /instances/home/cluster/bootstrap', data(plan))
    const { code, stdout } = await cli.run(['cluster', 'bootstrap', '--plan', ...options], { env })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(plan)
  })

  it('passes on what is asked, and a refusal with its exit code', async () => {
    daemon.on('POST /instances/home/services', data(plan))
    await cli.run(['service', 'install', 'metallb', '--no-deploy', '--plan'], { env })
    expect(daemon.calls[0]!.body).toEqual({ name: 'metallb', fetch: false, deploy: false })
    daemon.on('POST /instances/home/services', fail(404, 'NOT_FOUND', 'There is no service named "x".'))
    expect(await cli.run(['service', 'install', 'x', '--plan'], { env })).toMatchObject({ code: 3, stdout: '' })
  })

  it('of node setup shows the machines new nodes would get and the steps of known ones', async () => {
    daemon.on('GET /instances/home/nodes', data({ nodes: [{ name: 'control-1' }] }))
    const chosen = { node: 'control-2', role: 'controlplane', mac: '00:22', disk: '/dev/sda' }
    daemon.on('POST /instances/home/nodes/assign', data({ assignments: [chosen] }))
    daemon.on('POST /instances/home/nodes/control-1/setup', data(plan))
    const args = ['node', 'setup', 'control-1', 'control-2', '--plan']
    const { code, stdout } = await cli.run(args, { env })
    expect(code).toBe(0)
    expect(stdout).toContain('00:22')
    expect(stdout).toContain('wild-cli node assign control-2\n')
    expect(stdout).toContain('Plan: Bootstrap cluster home')
    const posts = daemon.calls.filter(({ method }) => method !== 'GET').map(({ path }) => path)
    expect(posts).toEqual(['/instances/home/nodes/assign?plan=true', '/instances/home/nodes/control-1/setup?plan=true'])
    const { stdout: json } = await cli.run([...args, '-o', 'json'], { env })
    expect(JSON.parse(json)).toEqual({ assignments: [chosen], plans: [plan] })
  })
})
