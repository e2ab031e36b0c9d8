import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { finalConfig, generateCluster, secure } from '../test-lab/cluster.ts'
import { startTestLab, type TestLab } from '../test-lab/start.ts'
import { bundleTalosctl, type Stand } from '../test-lab/talosctl.ts'

let stand: Stand
let lab: TestLab

beforeAll(() => {
  stand = bundleTalosctl()
})
afterAll(() => stand.remove())
afterEach(() => lab.close())

const run = (args: string[]) => stand.run([...args, ...secure(lab.at(91), name())], lab.env)
/** Files of two labs lie side by side. */
const name = () => `c${lab.settings.prefix}`
const machine = () => lab.lab.lan.machines()[0]!
const now = () => lab.lab.lan.clock.now()

/** A control plane that was bootstrapped and is ready. */
async function startCluster(): Promise<void> {
  lab = await startTestLab()
  await generateCluster(stand, lab, name())
  const config = await finalConfig(
    stand,
    lab,
    { name: 'control-1', host: 91, disk: '/dev/nvme0n1', nic: 'enp1s0' },
    name(),
  )
  await stand.run(['apply-config', '--insecure', '--nodes', lab.at(101), '--file', config], lab.env)
  await lab.until(1, (one) => one.up && one.facts !== undefined && now() >= one.runtimeFrom)
  expect((await run(['bootstrap'])).err).toBe('')
  await lab.until(1, (one) => now() >= one.readyFrom)
}

describe('changes of a running machine', () => {
  it('etcd is saved to a file with its checksum, wiped, and started again from the file, whole ones only', async () => {
    await startCluster()
    const store = lab.lab.lan.store
    const { clusterId } = machine().facts!
    store.put(`kube/${clusterId}`, 'Namespace//kept', { kind: 'Namespace' })
    const saved = await run(['etcd', 'snapshot', stand.file('db')])
    expect(saved.out).toMatch(
      /^etcd snapshot saved to ".*db" \(\d+ bytes\)\nsnapshot info: hash [0-9a-f]{8}, revision \d+, total keys \d+, total size \d+\n$/,
    )
    const bytes = readFileSync(stand.file('db'))
    expect(bytes.length % 512).toBe(32)

    const before = machine().upFrom
    await run(['reset', '--graceful=false', '--reboot', '--wait=false', '--system-labels-to-wipe', 'EPHEMERAL'])
    await lab.until(1, (one) => one.up && one.upFrom > before && now() >= one.runtimeFrom)
    expect(store.list(`kube/${clusterId}`)).toEqual([])
    expect((await run(['service', 'etcd'])).out).toMatch(/^STATE {4}Preparing$/m)

    writeFileSync(stand.file('broken'), Buffer.from(bytes).fill(1, 0, 4))
    expect((await run(['bootstrap', '--recover-from', stand.file('broken')])).err).toContain('integrity check failed')
    expect((await run(['bootstrap', '--recover-from', stand.file('nowhere')])).err).toContain('no such file')
    expect((await run(['bootstrap', '--recover-from', stand.file('db')])).exit).toBe(0)
    expect(store.list(`kube/${clusterId}`).map(({ key }) => key)).toContain('Namespace//kept')
    expect((await run(['bootstrap', '--recover-from', stand.file('db')])).err).toContain('code = AlreadyExists')
  }, 120_000)

  it('an upgrade leaves the Talos before it in the other slot; one that fails boots that again, and rollback goes back', async () => {
    await startCluster()
    const image = (version: string) => ['upgrade', '--image', `ghcr.io/siderolabs/installer:${version}`, '--wait=false']
    expect((await run(['rollback'])).err).toContain('no fallback entry')
    const upgraded = await run(image('v1.11.6'))
    expect(upgraded.out).toMatch(/^NODE +ACK +STARTED\n[\d.]+ +Upgrade request received/)
    await lab.until(1, (one) => one.up && one.record.talosVersion === 'v1.11.6')

    lab.lab.lan.faults.add({ kind: 'upgrade-fails', machine: 1, times: 1 })
    const before = machine().upFrom
    await run(image('v1.12.4'))
    const back = await lab.until(1, (one) => one.up && one.upFrom > before)
    expect([back.record.talosVersion, back.record.otherSlot?.talosVersion]).toEqual(['v1.11.6', 'v1.12.4'])
    expect((await run(['rollback'])).exit).toBe(0)
    await lab.until(1, (one) => one.up && one.record.talosVersion === 'v1.12.4')
  }, 120_000)

  it('Kubernetes goes one minor version at a time, and a dry run changes nothing', async () => {
    await startCluster()
    const dry = await run(['upgrade-k8s', '--to', '1.35.0', '--dry-run'])
    expect(dry.out).toContain('automatically detected the lowest Kubernetes version 1.34.1\n')
    expect(machine().facts!.kubernetesVersion).toBe('v1.34.1')
    expect((await run(['upgrade-k8s', '--to', '1.36.0'])).err).toMatch(/^unsupported upgrade path 1.34->1.36/)
    const done = await run(['upgrade-k8s', '--to', '1.35.0'])
    expect(done.out).toMatch(/updating "kube-apiserver" to version "1.35.0"[\s\S]*updating kubelet to version "1.35.0"/)
    const { kubernetesVersion, apiServerVersion } = machine().facts!
    expect([kubernetesVersion, apiServerVersion]).toEqual(['v1.35.0', 'v1.35.0'])
  }, 120_000)

  it('etcd lets a member go while a majority works, one that is down too; without a majority it decides nothing', async () => {
    await startCluster()
    const plan = { name: 'control-2', host: 92, disk: '/dev/nvme0n1', nic: 'eno1' }
    async function join(): Promise<void> {
      const config = await finalConfig(stand, lab, plan, name())
      await stand.run(['apply-config', '--insecure', '--nodes', lab.at(102), '--file', config], lab.env)
      await lab.until(2, (one) => one.up && one.facts !== undefined && now() >= one.etcdFrom)
    }
    const members = async () => (await run(['etcd', 'members'])).out.trim().split('\n').slice(1)
    const idOf = async (host: string) => (await members()).find((line) => line.includes(host))!.split(/ +/)[1]!
    await join()
    expect(await members()).toHaveLength(2)

    const id = await idOf('control-2')
    lab.lab.lan.faults.add({ kind: 'unreachable', machine: 2 })
    expect((await run(['etcd', 'members'])).err).toContain('etcdserver: no leader')
    expect((await run(['etcd', 'remove-member', id])).err).toContain('etcdserver: request timed out')
    lab.lab.lan.faults.clear()
    expect((await run(['etcd', 'remove-member', id])).exit).toBe(0)
    expect(await members()).toHaveLength(1)
    expect((await run(['etcd', 'leave'])).err).toContain('not enough started members')
  }, 120_000)

  it('tells when it was started, and no other file', async () => {
    await startCluster()
    expect((await run(['read', '/proc/uptime'])).out).toMatch(/^\d+\.\d\d \d+\.\d\d\n$/)
    expect((await run(['read', '/etc/passwd'])).err).toContain('no such file or directory')
    expect((await run(['read'])).err).toContain('accepts 1 arg(s), received 0')
  }, 120_000)
})
