import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { TalosTarget } from '../../../tools/talosctl.ts'
import { readableSize } from '../disk-contents.ts'
import { guardDisk, wordOf } from '../disk-guard.ts'
import { compareDisk, readDisks } from '../hardware.ts'
import { explainMachine } from '../machine-failure.ts'
import type { Disk, NodeRecord } from '../model.ts'
import { warnOfSkew } from '../tool-skew.ts'
import type { SetupWorld } from './world.ts'

async function disksOf(w: SetupWorld, ctx: StepContext, record: NodeRecord, target: TalosTarget): Promise<Disk[]> {
  const talosctl = w.talosctl(ctx)
  try {
    return readDisks(await talosctl.disks(target), await talosctl.discoveredVolumes(target))
  } catch (error) {
    throw explainMachine(error, record, 'Reading the disks')
  }
}

/**
 * Asks the machine what its disks are right now. Throws CONFLICT when the recorded one is not the one it was, holds
 * something we did not put there, or is what the machine was started from. A machine that runs our configuration keeps
 * its disk: only that it is the same is looked at.
 */
export async function checkedDisk(w: SetupWorld, ctx: StepContext, target: TalosTarget): Promise<Disk> {
  const record = await w.record()
  const disks = await disksOf(w, ctx, record, target)
  if (target.insecure) return guardDisk(record, disks, w.acceptDisk)
  const bare = disks.map((disk) => ({ ...disk, contents: [] }))
  return guardDisk({ ...record, installedDisk: installedOn(record, bare) }, bare, w.acceptDisk)
}

/** A machine that runs from its disk agreed to it once. */
function installedOn(record: NodeRecord, disks: Disk[]): string | undefined {
  const disk = disks.find(({ path }) => path === record.disk)
  return disk && wordOf(disk)
}

/** Asks the machine whether the recorded disk is still the one it was, before anything is written to it. */
export function checkDisk(w: SetupWorld): Step {
  async function checked(ctx: StepContext) {
    const target = await w.locate(ctx)
    return { target, record: await w.record(), installed: !target.insecure, disk: await checkedDisk(w, ctx, target) }
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
      const { target, record, installed, disk } = now
      await warnOfSkew(ctx, w.talosctl(ctx), w.node, target)
      const written = (record.diskSerial ?? '') === disk.serial && (record.diskWwid ?? '') === disk.wwid
      return installed && written && `${disk.path} holds this node`
    },
    async run(ctx) {
      const { disk, record } = await checked(ctx)
      if (compareDisk(disk, { serial: record.diskSerial, wwid: record.diskWwid }) === 'other')
        ctx.warn(`${disk.path} is another disk than the one that was chosen; its word was typed.`)
      const identity = { diskSerial: disk.serial || undefined, diskWwid: disk.wwid || undefined }
      await w.store.update(w.instance, w.node, identity, w.by)
      ctx.say(
        `${disk.path} is ${disk.model || 'a disk'} of ${readableSize(disk.size)}${disk.serial ? `, serial ${disk.serial}` : ''}`,
      )
    },
    plan: async () => [{ kind: 'note', text: `Ask ${w.node} whether its disk is still the recorded one and is empty` }],
  }
}
