import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { explainMachine } from '../machine-failure.ts'
import { readMachine } from '../machine-reader.ts'
import type { Machine, NodeFields, NodeRecord } from '../model.ts'
import type { SetupWorld } from './world.ts'

async function read(w: SetupWorld, ctx: StepContext, record: NodeRecord): Promise<Machine> {
  const target = await w.locate(ctx)
  try {
    return await readMachine(w.talosctl(ctx), target)
  } catch (error) {
    throw explainMachine(error, record, 'Reading the hardware')
  }
}

/** What is written down about a machine. A recorded disk stays unless the hardware is detected anew. */
function fieldsFrom(machine: Machine, record: NodeRecord, force: boolean): Partial<NodeFields> {
  const keep = !force && record.disk
  const disk = machine.disks.find(({ path }) => path === (keep ? record.disk : machine.selectedDisk))
  if (!machine.interface)
    throw new WildError(
      'CONFLICT',
      `The machine of ${record.name} (${machine.ip}) has no network interface that is up.`,
      { node: record.name },
    )
  if (!disk)
    throw new WildError(
      'CONFLICT',
      `The machine of ${record.name} (${machine.ip}) cannot be installed to: ${keep ? `it has no disk ${record.disk}` : machine.selectedDiskReason}.`,
      { node: record.name, disks: machine.disks.map(({ path }) => path) },
    )
  return {
    mac: record.mac ?? machine.mac,
    interface: force ? machine.interface : (record.interface ?? machine.interface),
    disk: disk.path,
    diskSerial: disk.serial || undefined,
    diskWwid: disk.wwid || undefined,
    currentIp: machine.ip,
    maintenance: machine.maintenanceMode,
  }
}

/** Finds the machine's interface and disk; skipped when they are written down, unless asked to look again. */
export function detectHardware(w: SetupWorld): Step {
  return {
    name: 'detect-hardware',
    title: 'Detecting hardware',
    async done() {
      const record = await w.record()
      return !w.force && Boolean(record.interface && record.disk) && `${record.interface}, ${record.disk}`
    },
    async run(ctx) {
      const record = await w.record()
      const machine = await read(w, ctx, record)
      const fields = fieldsFrom(machine, record, w.force)
      await w.store.update(w.instance, w.node, fields, w.by)
      if (machine.mac)
        w.store.remember({ ...machine, mac: machine.mac }, { at: new Date(ctx.clock.now()).toISOString() })
      const kept = (now: unknown, chosen: unknown, reason?: string) => (now === chosen ? reason : 'as written down')
      const link = kept(fields.interface, machine.interface, machine.interfaceReason)
      const disk = kept(fields.disk, machine.selectedDisk, machine.selectedDiskReason)
      ctx.say(`${w.node}: interface ${fields.interface} (${link}), disk ${fields.disk} (${disk})`)
    },
    plan: async () => [
      { kind: 'note', text: `Read the hardware of ${w.node} and write its interface and disk into config.yaml` },
    ],
  }
}
