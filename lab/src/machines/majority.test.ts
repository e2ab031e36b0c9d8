import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finalConfig, generateCluster, secure } from '../test-lab/cluster.ts'
import { startTestLab, type TestLab } from '../test-lab/start.ts'
import { bundleTalosctl, type Stand } from '../test-lab/talosctl.ts'
import { clusterViews } from './cluster-views.ts'

let stand: Stand
let lab: TestLab

const now = () => lab.lab.lan.clock.now()
const run = (args: string[], host = 91) => stand.run([...args, ...secure(lab.at(host))], lab.env)
const view = () => clusterViews(lab.lab.lan).list()[0]!
const etcdOf = async (host = 91) => (await run(['service', 'etcd'], host)).out

/** Three control planes, bootstrapped. Slow enough for the lease of the VIP to be seen. */
beforeAll(async () => {
  stand = bundleTalosctl()
  lab = await startTestLab(100)
  await generateCluster(stand, lab)
  const disks = ['/dev/nvme0n1', '/dev/nvme0n1', '/dev/sda']
  const nics = lab.lab.lan.machines().map(({ hardware }) => hardware.nic.name)
  for (const [index, disk] of disks.entries()) {
    const plan = { name: `control-${index + 1}`, host: 91 + index, disk, nic: nics[index]! }
    const path = await finalConfig(stand, lab, plan)
    const { err } = await stand.run(
      ['apply-config', '--insecure', '--nodes', lab.at(101 + index), '--file', path],
      lab.env,
    )
    expect(err).toBe('')
  }
  for (const number of [1, 2, 3])
    await lab.until(number, (one) => one.up && one.facts !== undefined && now() >= one.runtimeFrom)
  expect((await run(['bootstrap'])).err).toBe('')
  for (const number of [1, 2, 3]) await lab.until(number, (one) => now() >= one.readyFrom)
}, 120_000)
afterAll(async () => {
  stand?.remove()
  await lab?.close()
})

async function cut(...machines: number[]): Promise<void> {
  for (const machine of machines) await lab.ask('POST', '/faults', { kind: 'unreachable', machine })
}

describe('etcd of three, of which two are gone,', () => {
  it('keeps the API server listening for a while, and answers nothing', async () => {
    await cut(2)
    expect(view()).toMatchObject({ apiUp: true, etcdStalled: false })
    expect(await etcdOf()).toMatch(/^HEALTH +OK$/m)
    await cut(3)
    expect(view()).toMatchObject({ apiUp: true, etcdStalled: true })
    expect(await etcdOf()).toMatch(/^STATE +Running$/m)
    expect(await etcdOf()).toMatch(/^HEALTH +Fail$/m)
    expect((await run(['etcd', 'members'])).err).toContain('etcdserver: no leader')
  })

  it('loses the VIP with the lease of its holder', async () => {
    await lab.until(1, (one) => !one.holdsVip)
    expect(view()).toMatchObject({ apiUp: false, etcdStalled: true })
  })

  it('is saved from a member that ran before, or copied off its disk after it started anew', async () => {
    expect((await run(['etcd', 'snapshot', stand.file('db')])).err).toBe('')
    const before = lab.lab.lan.machines()[0]!.upFrom
    await run(['reboot', '--wait=false'])
    await lab.until(1, (one) => one.up && one.upFrom > before && now() >= one.etcdFrom)
    expect((await run(['etcd', 'snapshot', stand.file('later')])).err).toContain('context deadline exceeded')
    expect((await run(['copy', '/var/lib/etcd/member/snap/db', stand.file('disk')])).err).toBe('')
    expect(readFileSync(stand.file('disk/db')).length % 512).toBe(0)
  })

  it('goes on by itself when a member is back', async () => {
    await lab.ask('DELETE', '/faults')
    await lab.until(1, () => view().apiUp)
    expect(view()).toMatchObject({ apiUp: true, etcdStalled: false })
    expect(await etcdOf()).toMatch(/^HEALTH +OK$/m)
  })

  it('starts again from a copy on what is left; members with what was before take no part until they are wiped', async () => {
    await cut(2, 3)
    const wipe = ['--system-labels-to-wipe', 'EPHEMERAL']
    const reset = ['reset', '--graceful=false', '--reboot', '--wait=false', ...wipe]
    await run(reset)
    await lab.until(1, (one) => one.up && one.facts !== undefined && now() >= one.runtimeFrom)
    const restore = ['bootstrap', '--recover-from', stand.file('disk/db')]
    expect((await run(restore)).err).toContain('sha256 checksum not found')
    expect((await run([...restore, '--recover-skip-hash-check'])).err).toBe('')
    await lab.until(1, () => view().apiUp)
    await lab.ask('DELETE', '/faults')
    await lab.until(2, (one) => one.up)
    expect((await run(['etcd', 'members'])).out).not.toContain('control-2')
    expect((await run(['bootstrap'], 92)).err).toContain('etcd data directory is not empty')
    await run(reset, 92)
    await lab.until(2, (one) => one.up && now() >= one.etcdFrom)
    expect((await run(['etcd', 'members'])).out).toContain('control-2')
    expect((await run(['etcd', 'members'])).out).not.toContain('control-3')
  })
})
