import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testCli } from '../testing/test-cli.ts'
import { accepted, answer, data } from '../testing/test-daemon.ts'
import { addOperation } from '../testing/test-operation.ts'

const env = { WILD_INSTANCE: 'home' }
const home = '/instances/home'
const { daemon, cli } = await testCli()

describe('cluster', () => {
  it('kubeconfig goes to stdout, or to a file that only its owner can read', async () => {
    daemon.on(`GET ${home}/cluster/kubeconfig`, (_call, response) => response.end('apiVersion: v1\n'))
    expect((await cli.run(['cluster', 'kubeconfig'], { env })).stdout).toBe('apiVersion: v1\n')
    const folder = mkdtempSync(join(tmpdir(), 'wild-kube-'))
    const file = join(folder, 'config')
    const { code, stdout } = await cli.run(['cluster', 'kubeconfig', '--file', file], { env })
    const written = { text: readFileSync(file, 'utf8'), mode: statSync(file).mode & 0o777 }
    rmSync(folder, { recursive: true })
    expect({ code, ...written }).toEqual({ code: 0, text: 'apiVersion: v1\n', mode: 0o600 })
    expect(stdout).not.toContain('apiVersion')
  })

  it.each([
    ['healthy', 0],
    ['degraded', 0],
    ['unhealthy', 5],
    ['unknown', 5],
  ])('health of a %s cluster exits %i', async (status, exit) => {
    const since = new Date(Date.now() - 330_000).toISOString()
    const checks = [
      { name: 'etcd', status: 'passing', message: 'All members healthy', remedy: 'Wait a minute.', since },
    ]
    daemon.on(`GET ${home}/cluster/health`, data({ status, checks }))
    const { code, stdout } = await cli.run(['cluster', 'health'], { env })
    expect(code).toBe(exit)
    expect(stdout).toMatch(/etcd +passing +5m +All members healthy/)
    expect(stdout).toContain('INFO: etcd: Wait a minute.')
  })

  it('status shows the parts of the control plane', async () => {
    const services = { api_server: 'healthy', etcd: 'healthy' }
    daemon.on(`GET ${home}/cluster/status`, data({ status: 'ready', nodes: 3, talos_version: 'v1.11.5', services }))
    const { stdout } = await cli.run(['cluster', 'status'], { env })
    expect(stdout).toMatch(/Status: +ready/)
    expect(stdout).toMatch(/api_server +healthy/)
  })

  it('generate says what the daemon says', async () => {
    daemon.on(
      `POST ${home}/cluster/config/generate`,
      answer({ success: true, message: 'Cluster configuration generated' }),
    )
    const { stdout } = await cli.run(['cluster', 'generate', '--vip', '192.168.1.90'], { env })
    expect(stdout).toBe('SUCCESS: Cluster configuration generated\n')
    expect(daemon.calls[0]!.body).toEqual({ vip: '192.168.1.90' })
  })
})

describe('service', () => {
  it('install-all shows the steps of each service and the warnings', async () => {
    daemon.on(`POST ${home}/services/install-all`, accepted('op_s'))
    const steps = [
      { id: 'metallb', title: 'MetalLB', state: 'done' },
      { id: 'metallb/apply', parent: 'metallb', title: 'Installing MetalLB', state: 'done' },
      { id: 'metallb/pool', parent: 'metallb', title: 'Configuring the pool', state: 'skipped' },
      { id: 'smtp', title: 'Mail', state: 'failed' },
      { id: 'late', title: 'Late', state: 'blocked' },
    ]
    addOperation(daemon, { id: 'op_s', steps, warnings: ['Mail did not succeed'] })
    const { code, stdout, stderr } = await cli.run(['service', 'install-all'], { env })
    expect(code).toBe(0)
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'INFO: Step 1/3: MetalLB … done',
      'INFO: Step 1/3 · 1/2: Installing MetalLB … done',
      'INFO: Step 1/3 · 2/2: Configuring the pool … already done',
      'SUCCESS: All services are installed.',
    ])
    expect(stderr).toBe('ERROR: Step 2/3: Mail … failed\nWARNING: Mail did not succeed\n')
    expect(daemon.calls.find(({ method }) => method === 'POST')!.body).toEqual({ fetch: false, deploy: true })
  })

  it('list and status show states and pods', async () => {
    daemon.on(`GET ${home}/services`, data({ services: [{ name: 'metallb', status: 'running', version: 'v0.15.2' }] }))
    expect((await cli.run(['service', 'list'], { env })).stdout).toMatch(/metallb +running +v0\.15\.2/)
    const pods = [{ name: 'controller-1', status: 'Running', ready: true }]
    daemon.on(`GET ${home}/services/metallb/status`, data({ name: 'metallb', status: 'running', pods }))
    expect((await cli.run(['service', 'status', 'metallb'], { env })).stdout).toMatch(/controller-1 +Running +yes/)
  })
})

describe('app', () => {
  it('catalog can be narrowed to a category', async () => {
    const apps = [
      { name: 'ghost', category: 'content', version: '5.130.5', dependencies: ['mysql'] },
      { name: 'immich', category: 'media', version: '1.0.0', dependencies: ['postgres', 'redis'] },
    ]
    daemon.on('GET /apps', data({ apps }))
    const { stdout } = await cli.run(['app', 'catalog', '--category', 'media'])
    expect(stdout).toContain('postgres, redis')
    expect(stdout).not.toContain('ghost')
  })

  it('show prints the settings of an app', async () => {
    const settings = { domain: 'ghost.{{ .cloud.domain }}', storage: '10Gi' }
    daemon.on('GET /apps/ghost', data({ name: 'ghost', default_config: settings, required_secrets: ['a.b'] }))
    const { stdout } = await cli.run(['app', 'show', 'ghost'])
    expect(stdout).toContain('Settings\n  domain: ghost.{{ .cloud.domain }}\n  storage: 10Gi\n')
  })
})
