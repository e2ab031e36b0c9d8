import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { depth } from '../depth.ts'
import { labDoor } from '../lab-door.ts'
import { endProcess, root } from '../world.ts'
import { byHand, commandIn } from './support/hands.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { succeed } from './support/succeed.ts'

const limitMs = 600_000
let world: Rehearsal
let lab: ReturnType<typeof labDoor>

interface Check {
  name: string
  status: string
  message: string
  remedy: string
}
const cli = (...args: string[]) => succeed(world, ...args)
const health = async (): Promise<Check[]> =>
  (await world.rest('GET', '/instances/home/cluster/health')).body.data.checks
const until = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 180_000, interval: 300 })
const file = (path: string) => join(world.dataDirectory, 'instances/home', path)

/** Health says so; the check that does. */
async function told(name: string, message: RegExp): Promise<Check> {
  let found: Check | undefined
  await until(async () => {
    found = (await health()).find((check) => check.name === name)
    expect([found?.name, found?.message]).toEqual([name, expect.stringMatching(message)])
  })
  return found!
}

/** Five nodes, and nothing to say about any of them. */
async function expectWhole(): Promise<void> {
  await until(async () => {
    expect((await health()).filter(({ status }) => status !== 'passing')).toEqual([])
    const { nodes } = (await world.rest('GET', '/instances/home/nodes')).body.data
    expect(nodes.map(({ name, status }: Record<string, string>) => `${name} ${status}`)).toEqual(
      ['control-1', 'control-2', 'control-3', 'worker-1', 'worker-2'].map((name) => `${name} ready`),
    )
  })
}

/** Runs a command that fails; what it prints. */
async function fails(...args: string[]): Promise<string> {
  const { code, output } = await wildCli(root, world, args)
  expect([args.join(' '), code]).not.toEqual([args.join(' '), 0])
  return output
}

// biome-ignore lint/suspicious/noExplicitAny: files of other programs
type Loose = any

/** Puts a certificate that ended yesterday into a file, as time would. */
async function age(path: string, put: (config: Loose, made: { crt: string; key: string }) => void): Promise<void> {
  const config = parse(readFileSync(file(path), 'utf8'))
  put(config, await lab.certificate(1, -1, path.startsWith('.kube') ? 'kubernetes' : 'talos'))
  writeFileSync(file(path), stringify(config), { mode: 0o600 })
}

/** At depth `quick` each of these has a test of its own; here a person walks them one after the other. */
describe.skipIf(depth() === 'quick')(
  'a five-node cluster from blank machines, broken, comes back by what the product says',
  () => {
    beforeAll(async () => {
      world = await startRehearsal({ machines: 6 })
      lab = labDoor(world.dataDirectory)
      for (const args of journey.slice(0, 7)) await cli(...args)
      await cli('node', 'setup', 'control-1', 'control-2', 'control-3', 'worker-1', 'worker-2', '--yes')
      await cli('cluster', 'bootstrap')
      await endProcess(world.daemon, 'SIGTERM')
      await world.bootDaemon({ haste: 40 })
      await expectWhole()
    }, limitMs)
    afterAll(() => world?.remove(), limitMs)

    it(
      '1: the cable of a worker is pulled',
      async () => {
        await lab.fault({ kind: 'unreachable', machine: 4 })
        expect((await told('Nodes', /worker-1 is not ready/)).remedy).toContain('on and reachable')
        await lab.clearFaults()
        await expectWhole()
      },
      limitMs,
    )

    it(
      '2: somebody wipes a worker by hand',
      async () => {
        const wipe = ['STATE', 'EPHEMERAL'].flatMap((label) => ['--system-labels-to-wipe', label])
        await byHand(world, 'worker-1', 'reset', '--graceful=false', '--reboot', ...wipe)
        const { remedy } = await told('Nodes', /worker-1 is not ready/)
        await until(async () => expect((await lab.state()).machines[3].stage).toBe('maintenance'))
        await cli(...commandIn(remedy, /node setup worker-1/), '--yes')
        await expectWhole()
      },
      limitMs,
    )

    it(
      '3: a control plane is switched off',
      async () => {
        await byHand(world, 'control-3', 'shutdown', '--force')
        expect((await told('etcd', /2 of 3 .*control-3 does not answer/)).remedy).toContain(
          'Bring the named machine back',
        )
        await lab.powerOn(3)
        await expectWhole()
      },
      limitMs,
    )

    it(
      '4: the kubeconfig is deleted',
      async () => {
        rmSync(file('.kube/config'))
        const { remedy } = await told('Cluster', /not bootstrapped/)
        await cli(...commandIn(remedy, /cluster bootstrap/))
        await expectWhole()
      },
      limitMs,
    )

    it(
      '5: the talosconfig is deleted',
      async () => {
        rmSync(file('.talos/config'))
        const { remedy } = await told('etcd', /cannot be asked/)
        await cli(...commandIn(remedy, /cluster renew/))
        await expectWhole()
      },
      limitMs,
    )

    it(
      '6: a year goes by without the daemon, and all certificates end',
      async () => {
        await age('.talos/config', (config, made) => Object.assign(config.contexts[config.context], made))
        await age('.kube/config', (config, { crt, key }) => {
          config.users[0].user = { 'client-certificate-data': crt, 'client-key-data': key }
        })
        // Nobody types anything: the daemon finds them ended, and makes new ones.
        await until(async () => {
          await health()
          const access = (await world.rest('GET', '/instances/home/cluster/access')).body.data
          for (const kind of ['talosconfig', 'kubeconfig'])
            expect([kind, Date.parse(access[kind].expires_at) > Date.now() + 86_400_000]).toEqual([kind, true])
        })
        await expectWhole()
      },
      limitMs,
    )

    it(
      '7: a clock goes wrong',
      async () => {
        await lab.clock(4, -30)
        expect((await told('Clocks', /worker-1 is 30 minutes behind/)).remedy).toContain('UDP 123')
        await lab.clock(4, 0)
        await expectWhole()
      },
      limitMs,
    )

    it(
      '8: config.yaml is spoilt by hand',
      async () => {
        appendFileSync(file('config.yaml'), 'cloud: [\n')
        const output = await fails('node', 'list')
        expect(output).toMatch(/config.yaml of home line \d+, column \d+/)
        await cli(...commandIn(output, /config history list/))
        // The spoilt text is a version too, which is refused.
        const { versions } = (await world.rest('GET', '/instances/home/config/history')).body.data
        const restore = (version: number) =>
          wildCli(root, world, ['config', 'history', 'restore', String(version), '--yes'])
        const codes: number[] = []
        for (const { version } of versions.slice(0, 2)) codes.push((await restore(version)).code)
        expect(codes).toContain(0)
        await expectWhole()
      },
      limitMs,
    )

    it(
      '9: two of three control planes are gone, and come back later',
      async () => {
        for (const machine of [2, 3]) await lab.fault({ kind: 'unreachable', machine })
        const { remedy } = await told('etcd', /lost its majority/)
        await cli(...commandIn(remedy, /cluster etcd-snapshot save last/))
        const said = await cli(
          ...commandIn(remedy, /cluster etcd-snapshot restore last --skip-offline/),
          '--confirm',
          'home',
        )
        await lab.clearFaults()
        for (const name of ['control-2', 'control-3']) {
          await until(async () => expect((await lab.state()).machines[name === 'control-2' ? 1 : 2].up).toBe(true))
          await cli(...commandIn(said, new RegExp(`node reset ${name}`)), '--yes')
          await cli(...commandIn(said, new RegExp(`node setup ${name}`)), '--yes')
        }
        await expectWhole()
      },
      limitMs,
    )

    it(
      '10: an upgrade does not start on a node',
      async () => {
        await lab.fault({ kind: 'upgrade-fails', machine: 4, times: 1 })
        const output = await fails('cluster', 'upgrade', '--talos', 'v1.11.6', '--yes')
        expect(output).toMatch(/worker-1 .*did not get to Talos v1.11.6.*To go on.*To go back/)
        await cli(...commandIn(output, /cluster upgrade --talos v1.11.6/), '--yes')
        await expectWhole()
      },
      limitMs,
    )

    it(
      '11: a worker is broken for good, and another machine takes its place',
      async () => {
        await lab.fault({ kind: 'unreachable', machine: 5 })
        const output = await fails('node', 'remove', 'worker-2', '--yes')
        await cli(...commandIn(output, /node remove worker-2 --gone/), '--yes')
        await cli('node', 'discover')
        await cli('node', 'setup', 'worker-2', '--yes')
        await expectWhole()
      },
      limitMs,
    )
  },
)
