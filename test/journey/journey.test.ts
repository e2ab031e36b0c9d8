import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { fetchGhost } from '../../lab/demo/proof.ts'
import { endProcess, labCommands, root, startTestWorld, temporaryFolder } from '../world.ts'

const limitMs = 420_000
let world: Awaited<ReturnType<typeof startTestWorld>>
beforeAll(async () => {
  world = await startTestWorld()
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes)
const file = (path: string) => join(world.dataDirectory, 'instances/home', path)
const mode = (path: string) => statSync(file(path)).mode & 0o777

describe('the journey of the README', () => {
  it(
    'goes from nothing to Ghost on three nodes, each command ending with exit code 0',
    async () => {
      for (const args of journey) {
        const { code, output } = await wildCli(root, world, args)
        expect([args.join(' '), code, code ? output : '']).toEqual([args.join(' '), 0, ''])
      }
    },
    limitMs,
  )

  it('ends with Ghost answering through the ingress, by address, host and certificate', async () => {
    const page = await fetchGhost(world)
    expect(page).toMatchObject({ host: 'ghost.cloud.example.com', title: expect.stringContaining('Ghost') })
  })

  it('leaves the files the plan names, those with keys private', () => {
    for (const path of [
      'generated/secrets.yaml',
      'generated/controlplane.yaml',
      'generated/worker.yaml',
      'generated/talosconfig',
      'final/control-1.yaml',
    ])
      expect([path, mode(`setup/cluster-nodes/${path}`)]).toEqual([path, 0o600])
    expect(mode('secrets.yaml')).toBe(0o600)
    expect(mode('.kube/config')).toBe(0o600)
    expect(mode('.talos/config')).toBe(0o600)
    expect(mode('setup/cluster-nodes/generated')).toBe(0o700)
  })

  const running = ['cert-manager', 'coredns', 'docker-registry', 'headlamp', 'longhorn', 'metallb', 'traefik']
  it('shows the cluster, its services and the app as running', async () => {
    const at = '/instances/home'
    expect((await world.rest('GET', at)).body.data).toMatchObject({
      status: 'ready',
      node_count: 3,
      service_count: 7,
      app_count: 2,
    })
    expect((await world.rest('GET', `${at}/cluster/status`)).body.data).toMatchObject({
      status: 'ready',
      control_plane_nodes: 3,
      worker_nodes: 0,
    })
    const health = (await world.rest('GET', `${at}/cluster/health`)).body.data
    expect(health.checks.filter(({ status }: { status: string }) => status !== 'passing')).toEqual([])
    const { services } = (await world.rest('GET', `${at}/services`)).body.data
    const leftOut = ['externaldns', 'nfs', 'node-feature-discovery', 'nvidia-device-plugin', 'smtp', 'utils']
    expect(services.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual(
      [...leftOut, ...running].sort().map((name) => [name, running.includes(name) ? 'running' : 'not_installed']),
    )
    const ghost = (await world.rest('GET', `${at}/apps/ghost/status`)).body.data
    expect(ghost).toMatchObject({ status: 'running', dependencies: [{ name: 'mysql', status: 'running' }] })
  })

  it(
    'changes nothing the second time, and says of each step that it was done',
    async () => {
      const before = mutating().length
      const touched = () =>
        ['config.yaml', 'secrets.yaml', '.kube/config', 'setup/cluster-nodes/final/control-1.yaml'].map(
          (path) => statSync(file(path)).mtimeMs,
        )
      const times = touched()
      for (const args of journey) {
        const { code, output } = await wildCli(root, world, args)
        expect([args.join(' '), code]).toEqual([args.join(' '), args[0] === 'instance' ? 4 : 0])
        if (!['cluster', 'service', 'app'].includes(args[0]!) || args[1] === 'add') continue
        const steps = output.split('\n').filter((line) => /Step \d/.test(line))
        expect(steps.length).toBeGreaterThan(3)
        expect(steps.filter((line) => !line.includes('already done'))).toEqual([])
      }
      expect(mutating().slice(before)).toEqual([])
      expect(touched()).toEqual(times)
    },
    limitMs,
  )

  it(
    'changes nothing either when the database was deleted in between',
    async () => {
      const before = mutating().length
      await endProcess(world.daemon, 'SIGTERM')
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(world.dataDirectory, `wild-central.db${suffix}`), { force: true })
      await world.restartDaemon()
      for (const args of [
        ['cluster', 'bootstrap'],
        ['service', 'install-all'],
        ['app', 'deploy', 'ghost'],
      ]) {
        const { code, output } = await wildCli(root, world, args)
        expect([args.join(' '), code, code ? output : '']).toEqual([args.join(' '), 0, ''])
      }
      expect(mutating().slice(before)).toEqual([])
    },
    limitMs,
  )
})

describe('the same cluster, known only from the folder the old scripts would have left', () => {
  it(
    'works on once the folder is imported: everything is found running, and nothing has to be changed',
    async () => {
      const old = oldHome()
      try {
        expect((await world.rest('DELETE', '/instances/home?force=true')).status).toBe(200)
        const before = mutating().length
        for (const args of [
          ['instance', 'import-home', old.path, 'home'],
          ['node', 'setup', 'control-1'],
          ['cluster', 'bootstrap'],
          ['service', 'install-all'],
          ['app', 'deploy', 'ghost'],
        ]) {
          const { code, output } = await wildCli(root, world, args)
          expect([args.join(' '), code, code ? output : '']).toEqual([args.join(' '), 0, ''])
        }
        // The addresses in the new instance's own talosconfig; nothing of the machines or the cluster.
        const ran = mutating().slice(before)
        expect(ran.map(({ argv }) => argv.slice(0, 2).join(' '))).toEqual(['config endpoint'])
        expect((await world.rest('GET', '/instances/home')).body.data).toMatchObject({ status: 'ready', node_count: 3 })
        expect((await world.rest('GET', '/instances/home/apps/ghost/status')).body.data.status).toBe('running')
        expect((await fetchGhost(world)).title).toContain('Ghost')
      } finally {
        old.remove()
      }
    },
    limitMs,
  )
})

/** The instance as July's scripts would have kept it: nodes by address, no record of machines, other places of the keys. */
function oldHome(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder('old-home')
  const at = (path: string) => join(folder.path, path)
  cpSync(file(''), folder.path, { recursive: true })
  for (const path of ['.wildcloud', '.talos', 'setup/cluster-services']) rmSync(at(path), { recursive: true })
  mkdirSync(at('.wildcloud'))
  renameSync(at('.kube/config'), at('.kubeconfig'))
  const config = parse(readFileSync(at('config.yaml'), 'utf8'))
  const active: Record<string, unknown> = {}
  for (const [name, node] of Object.entries<Record<string, unknown>>(config.cluster.nodes.active)) {
    const ip = String(node.targetIp)
    active[ip] = { interface: node.interface, disk: node.disk, control: String(node.role === 'controlplane') }
    for (const kind of ['patch', 'final'])
      renameSync(at(`setup/cluster-nodes/${kind}/${name}.yaml`), at(`setup/cluster-nodes/${kind}/${ip}.yaml`))
  }
  config.cluster.nodes.active = active
  delete config.cluster.kubernetesVersion
  writeFileSync(at('config.yaml'), stringify(config))
  return folder
}
