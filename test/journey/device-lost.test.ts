import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labDoor } from '../lab-door.ts'
import { endProcess, root, startTestWorld, temporaryFolder } from '../world.ts'
import { kubectl, makeNamespace } from './support/kubectl.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
const elsewhere = temporaryFolder('elsewhere')
const passphraseFile = join(elsewhere.path, 'passphrase')
const file = join(elsewhere.path, 'device.wild')

interface Machine {
  up: boolean
  configured: boolean
}

let world: Awaited<ReturnType<typeof startTestWorld>>

const cli = (...args: string[]) => succeed(world, ...args)

const namespaces = () => kubectl(world, ['get', 'namespaces', '-o', 'name'])
const settings = () =>
  ['config.yaml', 'secrets.yaml', 'setup/cluster-nodes/generated/secrets.yaml', '.talos/config'].map((name) =>
    readFileSync(join(world.dataDirectory, 'instances/home', name), 'utf8'),
  )

/** The daemon's own command, on a device that has nothing but the file. */
function restoreDevice(): Promise<number | null> {
  const env = { ...world.toolEnvironment, WILD_PASSPHRASE_FILE: passphraseFile }
  const child = spawn(process.execPath, [join(root, 'server/dist/wildd.js'), 'restore', file], {
    env,
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.once('exit', resolve))
}

beforeAll(async () => {
  world = await startTestWorld({ speed: 60 })
  writeFileSync(passphraseFile, 'canary-of-a-lost-device\n')
  await walkUntil(world, 'cluster')
}, limitMs)
afterAll(async () => {
  await world?.remove()
  elsewhere.remove()
}, limitMs)

it(
  'a device that is lost comes back from one file and a passphrase, and its cluster to what it held then',
  async () => {
    await makeNamespace(world, 'kept')
    await cli('backup', 'passphrase', '--from-file', passphraseFile)
    expect(await cli('backup', 'run', '--only', 'device', '--plan')).toContain('with what etcd of home holds')
    await cli('backup', 'run', '--only', 'device')
    const [{ id }] = (await world.rest('GET', '/backups')).body.data.backups
    await cli('backup', 'download', id, '--to', file)
    expect(readFileSync(file, 'latin1')).not.toContain('canary')
    const before = settings()
    await kubectl(world, ['delete', 'namespace', 'kept', '--wait=false'])
    await makeNamespace(world, 'later')

    await endProcess(world.daemon, 'SIGKILL')
    // The machines, which the lab keeps there, are all that is left.
    for (const name of readdirSync(world.dataDirectory).filter((each) => each !== 'lab'))
      rmSync(join(world.dataDirectory, name), { recursive: true })
    expect(await restoreDevice()).toBe(0)
    await world.restartDaemon()

    expect(settings()).toEqual(before)
    expect(await cli('node', 'list')).toContain('control-3')
    expect((await world.rest('GET', '/instances/home/cluster/health')).body.data.status).toBe('healthy')
    const { snapshots } = (await world.rest('GET', '/instances/home/cluster/etcd-snapshots')).body.data
    expect(snapshots).toMatchObject([{ name: expect.stringMatching(/-device-backup$/), whole: true }])
    await cli('cluster', 'etcd-snapshot', 'restore', snapshots[0].name, '--confirm', 'home')
    expect(await namespaces()).toContain('namespace/kept')
    expect(await namespaces()).not.toContain('namespace/later')
    expect((await world.rest('GET', '/instances/home/cluster/health')).body.data.status).toBe('healthy')
  },
  limitMs,
)

it(
  'machines that were wiped are set up with the keys of the backup, and are the same cluster with what it held then',
  async () => {
    const { nodes } = (await world.rest('GET', '/instances/home/nodes')).body.data
    const talosconfig = join(world.dataDirectory, 'instances/home/.talos/config')
    for (const { target_ip: ip } of nodes)
      execFileSync(
        'talosctl',
        ['--talosconfig', talosconfig, '-n', ip, 'reset', '--graceful=false', '--reboot', '--wait=false'],
        {
          env: world.toolEnvironment,
        },
      )
    const configured = async () =>
      (await labDoor(world.dataDirectory).state()).machines.filter(({ up, configured }: Machine) => !up || configured)
    await expect.poll(configured, { timeout: limitMs }).toEqual([])

    expect(await cli('node', 'discover')).toContain('Next: wild-cli node setup control-1 control-2 control-3')
    expect(await cli('node', 'setup', 'control-1', 'control-2', 'control-3', '--yes')).toContain(
      'etcd-snapshot restore',
    )
    expect(await cli('node', 'setup', 'control-1', '--yes')).toContain('already done')
    const { snapshots } = (await world.rest('GET', '/instances/home/cluster/etcd-snapshots')).body.data
    const { name } = snapshots.find(({ name }: { name: string }) => name.endsWith('-device-backup'))
    await cli('cluster', 'etcd-snapshot', 'restore', name, '--confirm', 'home')
    expect(await namespaces()).toContain('namespace/kept')
    expect((await world.rest('GET', '/instances/home/cluster/health')).body.data.status).toBe('healthy')
  },
  limitMs,
)

it(
  'a device whose cluster does not answer is backed up all the same, and the record says what is not in it',
  async () => {
    await endProcess(world.lab, 'SIGKILL')
    const started = await world.rest('POST', '/backups', {})
    const record = await world.ended(started.body.operation_id)
    expect([record.status, record.warnings]).toEqual([
      'completed',
      [expect.stringMatching(/^What etcd of home holds is not in this backup: /)],
    ])
    expect(readdirSync(join(world.dataDirectory, 'cache/backups')).filter((name) => name !== 'making')).toEqual([])
  },
  limitMs,
)
