import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { compareDisk, readableSize, readDisks } from '../hardware.ts'
import { explainMachine } from '../machine-failure.ts'
import { type Disk, type NodeRecord, nameOf } from '../model.ts'
import type { SetupWorld } from './world.ts'

async function disksOf(
  w: SetupWorld,
  ctx: StepContext,
  record: NodeRecord,
): Promise<{ disks: Disk[]; installed: boolean }> {
  const target = await w.locate(ctx)
  try {
    return { disks: readDisks(await w.talosctl(ctx).disks(target)), installed: !target.insecure }
  } catch (error) {
    throw explainMachine(error, record, 'Reading the disks')
  }
}

function moved(record: NodeRecord, disks: Disk[]): string {
  const known = { serial: record.diskSerial, wwid: record.diskWwid }
  const now = disks.find((disk) => compareDisk(disk, known) === 'same')
  return now ? ` The recorded disk is now ${now.path}.` : ' The recorded disk is not in the machine.'
}

/** Refuses to wipe a disk that is not the one somebody decided on. */
function refuseOther(record: NodeRecord, disks: Disk[]): Disk {
  const disk = disks.find(({ path }) => path === record.disk)
  const hint = `wild-cli node setup ${record.name} --force-reconfigure`
  const known = { serial: record.diskSerial, wwid: record.diskWwid }
  if (!disk)
    throw new WildError(
      'CONFLICT',
      `${nameOf(record)} has no disk ${record.disk}.${moved(record, disks)} Nothing was changed. To choose anew, run: ${hint}`,
      { node: record.name, disk: record.disk, hint },
    )
  if (compareDisk(disk, known) === 'other')
    throw new WildError(
      'CONFLICT',
      `${disk.path} of ${nameOf(record)} is not the disk that was chosen (serial ${record.diskSerial ?? 'unknown'}); it has the serial ${disk.serial || 'unknown'}.${moved(record, disks)} Nothing was changed. To choose anew, run: ${hint}`,
      { node: record.name, disk: disk.path, serial: disk.serial, hint },
    )
  if (disk.unsuitable && compareDisk(disk, known) === 'unknown')
    throw new WildError(
      'CONFLICT',
      `${disk.path} of ${nameOf(record)} cannot hold Talos: it is ${disk.unsuitable}. Choose another disk in cluster.nodes.active.${record.name}.disk, or run: ${hint}`,
      { node: record.name, disk: disk.path, hint },
    )
  return disk
}

/** Asks the machine whether the recorded disk is still the one it was, before anything is written to it. */
export function checkDisk(w: SetupWorld): Step {
  async function checked(ctx: StepContext) {
    const record = await w.record()
    const { disks, installed } = await disksOf(w, ctx, record)
    return { record, installed, disk: refuseOther(record, disks) }
  }
  return {
    name: 'check-disk',
    title: 'Checking the disk',
    async done(ctx) {
      const now = await checked(ctx).catch((error) => {
        // Without deployment nothing is written to the machine, so it may be switched off.
        if (!w.deploy && error instanceof WildError && error.code === 'MACHINE_OFFLINE') return undefined
        throw error
      })
      if (!now) return 'the machine is off; its disk is checked before it is written to'
      const { record, installed, disk } = now
      const written = (record.diskSerial ?? '') === disk.serial && (record.diskWwid ?? '') === disk.wwid
      return installed && written && `${disk.path} holds this node`
    },
    async run(ctx) {
      const { disk } = await checked(ctx)
      const identity = { diskSerial: disk.serial || undefined, diskWwid: disk.wwid || undefined }
      await w.store.update(w.instance, w.node, identity, w.by)
      ctx.say(
        `${disk.path} is ${disk.model || 'a disk'} of ${readableSize(disk.size)}${disk.serial ? `, serial ${disk.serial}` : ''}`,
      )
    },
    plan: async () => [{ kind: 'note', text: `Ask ${w.node} whether its disk is still the recorded one` }],
  }
}
