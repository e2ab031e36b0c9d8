import { beforeEach, describe, expect, it } from 'vitest'
import { testCli } from '../testing/test-cli.ts'
import { accepted, answer, data, fail, openFeed, sendEvent } from '../testing/test-daemon.ts'
import { addOperation } from '../testing/test-operation.ts'

const env = { WILD_INSTANCE: 'home' }
const bootstrap = 'POST /instances/home/cluster/bootstrap'
const { daemon, cli } = await testCli()

beforeEach(() => {
  daemon.on(bootstrap, accepted('op_1'))
})

const step = (title: string, state: string) => ({ title, state })

describe('following an operation', () => {
  it('prints a line per step, then how it ended', async () => {
    const steps = [step('Bootstrapping etcd cluster', 'skipped'), step('Waiting for VIP assignment', 'done')]
    addOperation(daemon, { id: 'op_1', steps, result: { url: 'https://ghost.example.com' } })
    const { code, stdout, stderr } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual([
      'INFO: Step 1/2: Bootstrapping etcd cluster … already done',
      'INFO: Step 2/2: Waiting for VIP assignment … done',
      'SUCCESS: The cluster is bootstrapped.',
      '  Address: https://ghost.example.com',
      'INFO: Next: wild-cli service install-all',
      '',
    ])
    expect(daemon.calls.find(({ method }) => method === 'POST')!.body).toEqual({})
  })

  it('says already done when no step had anything to do', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'skipped'), step('Two', 'skipped')] })
    const { code, stdout } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(code).toBe(0)
    expect(stdout.match(/already done/g)).toHaveLength(3)
  })

  it('tells how it ended when the daemon that was stopped is gone by then', async () => {
    const error = { code: 'DAEMON_STOPPED', message: 'The daemon was stopped.' }
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'cancelled')], status: 'cancelled', error })
    daemon.on('GET /operations/op_1', (_call, response) => response.destroy())
    const { code, stderr } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(code).toBe(5)
    expect(stderr).toContain('ERROR: The daemon was stopped.\nWhen the daemon is back: wild-cli operation retry op_1\n')
  })

  it('times a step that was watched from its start', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')] })
    daemon.on('GET /operations/op_1/logs', (_call, response) => {
      openFeed(response)
      sendEvent(response, 'progress', 1, { status: 'running', steps: [{ id: 's1', title: 'One', state: 'running' }] })
      sendEvent(response, 'progress', 2, { status: 'completed', steps: [{ id: 's1', title: 'One', state: 'done' }] })
      sendEvent(response, 'complete', 3, { status: 'completed' })
      response.end()
    })
    const { stdout } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(stdout).toMatch(/INFO: Step 1\/1: One … done \(\d+\.\ds\)/)
  })

  it('exits 5 with message, command, output and where to read more when it failed', async () => {
    const error = {
      code: 'TOOL_FAILED',
      message: 'talosctl said no',
      details: { command: 'talosctl bootstrap', output: 'boom' },
    }
    addOperation(daemon, {
      id: 'op_1',
      steps: [step('One', 'failed'), step('Two', 'pending')],
      status: 'failed',
      error,
    })
    const { code, stderr } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(code).toBe(5)
    expect(stderr).toContain('ERROR: Step 1/2: One … failed\nERROR: talosctl said no\n')
    expect(stderr).toContain('Command: talosctl bootstrap')
    expect(stderr).toContain('| boom')
    expect(stderr).toContain('wild-cli operation show op_1')
  })

  it('exits 5 when it was cancelled', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'cancelled')], status: 'cancelled' })
    const { code, stderr } = await cli.run(['cluster', 'bootstrap'], { env })
    expect(code).toBe(5)
    expect(stderr).toContain('cancelled')
  })

  it('shows log lines with -v only', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')] })
    expect((await cli.run(['cluster', 'bootstrap'], { env })).stdout).not.toContain('EXEC')
    expect((await cli.run(['cluster', 'bootstrap', '-v'], { env })).stdout).toContain('EXEC: tool for op_1')
  })

  it('prints the record alone on stdout as JSON', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')], result: { n: 1 } })
    const { stdout, stderr } = await cli.run(['cluster', 'bootstrap', '-o', 'json'], { env })
    expect(JSON.parse(stdout)).toMatchObject({ operation_id: 'op_1', status: 'completed', result: { n: 1 } })
    expect(stderr).toContain('Step 1/1')
  })

  it('does not wait with --no-wait', async () => {
    const { code, stdout } = await cli.run(['cluster', 'bootstrap', '--no-wait'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('wild-cli operation logs op_1')
    expect(daemon.calls.filter(({ path }) => path.startsWith('/operations'))).toEqual([])
    expect((await cli.run(['cluster', 'bootstrap', '--no-wait', '-q'], { env })).stdout).toBe('op_1\n')
  })

  it('is silent with --quiet', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')] })
    expect(await cli.run(['cluster', 'bootstrap', '--quiet'], { env })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('joins again after the last event when the connection breaks, and repeats nothing', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')] })
    const log = (seq: number) => ({ message: `line ${seq}`, stream: 'stdout', seq })
    daemon.on('GET /operations/op_1/logs', ({ headers }, response) => {
      openFeed(response)
      if (!headers['last-event-id']) {
        sendEvent(response, 'log', 1, log(1))
        sendEvent(response, 'log', 2, log(2))
        // The socket breaks in the middle of an event.
        response.write('event: log\nid: 3\ndata: {"mess', () => response.destroy())
        return
      }
      sendEvent(response, 'log', 2, log(2))
      sendEvent(response, 'log', 3, log(3))
      sendEvent(response, 'complete', 4, { status: 'completed' })
      response.end()
    })
    const { code, stdout } = await cli.run(['cluster', 'bootstrap', '-v'], { env })
    expect(code).toBe(0)
    expect(stdout.match(/line \d/g)).toEqual(['line 1', 'line 2', 'line 3'])
    const joined = daemon.calls
      .filter(({ path }) => path.endsWith('/logs'))
      .map(({ headers }) => headers['last-event-id'])
    expect(joined).toEqual([undefined, '2'])
  })

  it('ends when the feed closes without a last word and the operation is over', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')] })
    daemon.on('GET /operations/op_1/logs', (_call, response) => {
      openFeed(response)
      response.end()
    })
    expect((await cli.run(['cluster', 'bootstrap'], { env })).code).toBe(0)
  })

  it('stops at Ctrl-C with 130 and says how to return', async () => {
    daemon.on('GET /operations/op_1/logs', (_call, response) => {
      openFeed(response)
      const steps = [
        { id: 's1', title: 'One', state: 'skipped' },
        { id: 's2', title: 'Two', state: 'running' },
      ]
      sendEvent(response, 'progress', 1, { status: 'running', steps })
    })
    const running = cli.start(['cluster', 'bootstrap'], { env })
    await running.printed('Step 1/2')
    running.process.kill('SIGINT')
    const { code, stderr } = await running.done
    expect(code).toBe(130)
    expect(stderr).toBe('The operation goes on. Return to it: wild-cli operation logs op_1\n')
    expect(daemon.calls.map(({ path }) => path)).not.toContain('/operations/op_1/cancel')
  })
})

describe('operation', () => {
  it('logs prints the log and the end of an operation', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'done')] })
    const { code, stdout } = await cli.run(['operation', 'logs', 'op_1'])
    expect(code).toBe(0)
    expect(stdout).toContain('EXEC: tool for op_1')
    expect(stdout).toContain('SUCCESS: op_1 completed.')
  })

  it('logs exits 3 for an operation that is not known', async () => {
    daemon.on('GET /operations/op_x/logs', fail(404, 'NOT_FOUND', 'No operation op_x'))
    expect((await cli.run(['operation', 'logs', 'op_x'])).code).toBe(3)
  })

  it('cancel follows the operation until it is cancelled, which is a success', async () => {
    addOperation(daemon, { id: 'op_1', steps: [step('One', 'cancelled')], status: 'cancelled' })
    daemon.on('POST /operations/op_1/cancel', accepted('op_1'))
    const { code, stdout } = await cli.run(['operation', 'cancel', 'op_1'])
    expect(code).toBe(0)
    expect(stdout).toContain('SUCCESS: op_1 is cancelled.')
  })

  it('retry follows the new operation', async () => {
    addOperation(daemon, { id: 'op_2', steps: [step('One', 'done')] })
    daemon.on('POST /operations/op_1/retry', accepted('op_2'))
    expect((await cli.run(['operation', 'retry', 'op_1'])).stdout).toContain('SUCCESS: op_2 completed.')
  })

  it('show prints steps, what happened, what state things are in, and what to do next with the id', async () => {
    const error = { code: 'TIMEOUT', message: 'The VIP never came up', details: { hint: 'Check the address.' } }
    const account = {
      happened: 'It failed at step 2 of 2: Two.',
      command: 'talosctl version',
      output: ['no route', 'to host'],
      state: ['Of 2 steps: 1 done before, 1 failed.'],
      next: ['Check the address.', 'Run it again: wild-cli operation retry op_1'],
    }
    addOperation(daemon, {
      id: 'op_1',
      steps: [step('One', 'skipped'), { ...step('Two', 'failed'), attempt: 3 }],
      status: 'failed',
      error,
      account,
      usualMs: 130_000,
    })
    const { code, stdout } = await cli.run(['operation', 'show', 'op_1'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/One +already done/)
    expect(stdout).toMatch(/Two +failed \(.*try 3\)/)
    expect(stdout).toMatch(/Usually: +2m 10s/)
    expect(stdout).toContain(
      [
        '',
        'What happened',
        'It failed at step 2 of 2: Two.',
        'ERROR: The VIP never came up',
        '  Command: talosctl version',
        '  | no route',
        '  | to host',
        '',
        'State',
        'Of 2 steps: 1 done before, 1 failed.',
        '',
        'Next',
        'Check the address.',
        'Run it again: wild-cli operation retry op_1',
        '',
      ].join('\n'),
    )
  })

  it('list asks for every instance unless one is named', async () => {
    daemon.on('GET /operations', data({ operations: [] }))
    await cli.run(['operation', 'list', '--status', 'running'])
    await cli.run(['operation', 'list', '-i', 'home'])
    expect(daemon.calls.map(({ path }) => path)).toEqual(['/operations?status=running', '/operations?instance=home'])
  })

  it('list says how long each took, and how to see older ones with the same filters', async () => {
    const times = { started_at: '2026-01-01T10:00:00Z', completed_at: '2026-01-01T10:02:05Z' }
    const operations = ['op_2', 'op_1'].map((id) => ({ operation_id: id, status: 'failed', ...times }))
    daemon.on('GET /operations', data({ operations }))
    const args = ['operation', 'list', '--status', 'failed', '--type', 'a.b']
    const { stdout } = await cli.run([...args, '--limit', '2', '--before', 'op_3'])
    expect(stdout).toMatch(/op_2 .* 2m 05s\n/)
    expect(stdout).toContain('Older: wild-cli operation list --status failed --type a.b --limit 2 --before op_1\n')
    expect(daemon.calls.at(-1)!.path).toBe('/operations?status=failed&type=a.b&before=op_3&limit=2')
    expect((await cli.run([...args, '--limit', '3'])).stdout).not.toContain('Older')
    for (const limit of ['0', '501', 'x']) expect((await cli.run([...args, '--limit', limit])).code).toBe(2)
  })

  it('list says which types there are when the one asked for is not among them', async () => {
    daemon.on('GET /operations', data({ operations: [] }))
    daemon.on('GET /operations/types', data({ types: ['app.deploy', 'node.setup'] }))
    const { code, stderr } = await cli.run(['operation', 'list', '--type', 'app.deplo'])
    expect([code, stderr]).toEqual([
      2,
      'ERROR: There is no operation type "app.deplo".\nKnown: app.deploy, node.setup\n',
    ])
    expect((await cli.run(['operation', 'list', '--type', 'app.deploy'])).stdout).toContain('No operations of type')
  })

  it('says at the start how long it usually takes, only when that is known', async () => {
    daemon.on('POST /operations/op_1/retry', accepted('op_2'))
    addOperation(daemon, { id: 'op_2', steps: [step('One', 'done')], usualMs: 130_000 })
    expect((await cli.run(['operation', 'retry', 'op_1'])).stdout).toMatch(/^INFO: Usually takes 2m 10s\.\n/)
    addOperation(daemon, { id: 'op_2', steps: [step('One', 'done')] })
    expect((await cli.run(['operation', 'retry', 'op_1'])).stdout).not.toContain('Usually')
  })
})

describe('the commands of the journey', () => {
  it('node discover shows the machines found', async () => {
    const disks = [{ path: '/dev/sda', size: 500000000000 }]
    const nodes = [{ mac: '00:11', ip: '192.168.1.100', interface: 'eth0', maintenance_mode: true, disks }]
    daemon.on('POST /instances/home/nodes/discover', accepted('op_d'))
    addOperation(daemon, { id: 'op_d', steps: [step('Scanning', 'done')], result: { nodes } })
    const { stdout } = await cli.run(['node', 'discover'], { env })
    expect(stdout).toMatch(/00:11 +192\.168\.1\.100 +eth0 +maintenance +- +- +\/dev\/sda \(500 GB\)/)
    expect(stdout).toContain('Next: wild-cli node setup')
  })

  it('app add and deploy send what was asked', async () => {
    daemon.on(
      'POST /instances/home/apps',
      answer({ success: true, message: 'App configured', data: { name: 'ghost' } }),
    )
    daemon.on('POST /instances/home/apps/ghost/deploy', accepted('op_g'))
    addOperation(daemon, {
      id: 'op_g',
      steps: [step('Applying', 'done')],
      result: { url: 'https://ghost.example.com' },
    })
    const add = await cli.run(['app', 'add', 'ghost', '--set', 'smtp.port=25'], { env })
    expect(add.stdout).toContain('SUCCESS: ghost is added to home.')
    expect(daemon.calls.at(-1)!.body).toEqual({ name: 'ghost', force: false, config: { smtp: { port: 25 } } })
    const deploy = await cli.run(['app', 'deploy', 'ghost'], { env })
    expect(deploy.stdout).toContain('SUCCESS: ghost is running.\n  Address: https://ghost.example.com')
  })

  it('app add says already done the second time', async () => {
    daemon.on('GET /instances/home/apps/ghost', data({ name: 'ghost', status: 'running' }))
    daemon.on(
      'POST /instances/home/apps',
      answer({ success: true, message: 'App configured', data: { name: 'ghost' } }),
    )
    const { code, stdout } = await cli.run(['app', 'add', 'ghost'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('already done')
  })
})
