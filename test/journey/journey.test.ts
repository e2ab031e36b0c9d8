import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { fetchGhost } from '../../lab/demo/proof.ts'
import { endProcess, labCommands, root, startTestWorld } from '../world.ts'

const limitMs = 180_000
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

  it('shows the cluster, its services and the app as running', async () => {
    const at = '/instances/home'
    expect((await world.rest('GET', at)).body.data).toMatchObject({
      status: 'ready',
      node_count: 3,
      service_count: 4,
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
    expect(services.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
      ['cert-manager', 'running'],
      ['longhorn', 'running'],
      ['metallb', 'running'],
      ['traefik', 'running'],
    ])
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
