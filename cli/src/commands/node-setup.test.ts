import { beforeEach, describe, expect, it } from 'vitest'
import { testCli } from '../testing/test-cli.ts'
import { accepted, data, fail } from '../testing/test-daemon.ts'
import { addOperation } from '../testing/test-operation.ts'

const env = { WILD_INSTANCE: 'home' }
const nodes = '/instances/home/nodes'
const { daemon, cli } = await testCli()

beforeEach(() => {
  daemon.on(`GET ${nodes}`, data({ nodes: [{ name: 'control-1' }] }))
  const place = { role: 'controlplane', mac: '00:22', current_ip: '192.168.1.101', target_ip: '192.168.1.92' }
  const assignment = { node: 'control-2', ...place, interface: 'eth0', disk: '/dev/sda', reason: 'smallest disk' }
  daemon.on(`POST ${nodes}/assign`, data({ assignments: [assignment] }))
  for (const name of ['control-1', 'control-2']) {
    daemon.on(`POST ${nodes}/${name}/setup`, accepted(`op_${name}`))
    addOperation(daemon, { id: `op_${name}`, steps: [{ title: 'Applying configuration', state: 'done' }] })
  }
})

const posts = () => daemon.calls.filter(({ method }) => method === 'POST')

describe('node setup', () => {
  it('assigns machines to new names only, then sets all nodes up', async () => {
    const { code, stdout } = await cli.run(['node', 'setup', 'control-1', 'control-2'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/control-2 +\/dev\/sda +192\.168\.1\.101 +192\.168\.1\.92 +00:22 +controlplane +eth0/)
    expect(stdout).toContain('INFO: control-1: Step 1/1: Applying configuration … done')
    expect(stdout).toContain('INFO: control-2: Step 1/1: Applying configuration … done')
    expect(stdout).toContain('SUCCESS: control-1 and control-2 are set up.')
    expect(posts().slice(0, 2)).toMatchObject([
      { path: `${nodes}/assign?plan=true`, body: { nodes: ['control-2'] } },
      { path: `${nodes}/assign`, body: { nodes: ['control-2'] } },
    ])
    expect(
      posts()
        .slice(2)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([`${nodes}/control-1/setup`, `${nodes}/control-2/setup`])
  })

  it('is a plain success when everything is done', async () => {
    addOperation(daemon, { id: 'op_control-1', steps: [{ title: 'Applying configuration', state: 'skipped' }] })
    const { code, stdout } = await cli.run(['node', 'setup', 'control-1'], { env })
    expect(code).toBe(0)
    expect(stdout).toBe(
      'INFO: control-1: Step 1/1: Applying configuration … already done\nSUCCESS: control-1 is set up. (already done)\n',
    )
  })

  it.each(['--force-reconfigure', '--reconfigure', '--detect'])('asks for a new config with %s', async (flag) => {
    await cli.run(['node', 'setup', 'control-1', flag, '--no-deploy'], { env })
    expect(posts()[0]!.body).toEqual({ force_reconfigure: true, deploy: false })
  })

  it('goes on with the others when one is refused, and exits with its code', async () => {
    daemon.on(`POST ${nodes}/control-1/setup`, fail(409, 'OPERATION_IN_PROGRESS', 'busy', { operation_id: 'op_9' }))
    const { code, stdout, stderr } = await cli.run(['node', 'setup', 'control-1', 'control-2'], { env })
    expect(code).toBe(4)
    expect(stdout).toContain('SUCCESS: control-2 is set up.')
    expect(stderr).toContain('op_9')
  })

  it('reports every node that failed and exits 5', async () => {
    const failed = { steps: [{ title: 'Applying configuration', state: 'failed' }], status: 'failed' }
    addOperation(daemon, { id: 'op_control-1', ...failed, error: { message: 'it never came back' } })
    const { code, stderr } = await cli.run(['node', 'setup', 'control-1', 'control-2'], { env })
    expect(code).toBe(5)
    expect(stderr).toContain('ERROR: control-1: it never came back')
    expect(stderr).toContain('wild-cli operation show op_control-1')
  })

  it('prints only JSON on stdout when asked to', async () => {
    const { stdout } = await cli.run(['node', 'setup', 'control-1', 'control-2', '-o', 'json'], { env })
    expect(JSON.parse(stdout).operations).toMatchObject([
      { operation_id: 'op_control-1' },
      { operation_id: 'op_control-2' },
    ])
  })
})

describe('node assign', () => {
  it('only shows the choice with --plan', async () => {
    const { stdout } = await cli.run(['node', 'assign', 'control-2', '--plan'], { env })
    expect(stdout).toContain('smallest disk')
    expect(posts().map(({ path }) => path)).toEqual([`${nodes}/assign?plan=true`])
  })
})
