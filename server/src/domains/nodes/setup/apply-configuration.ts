import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { talosFailure } from '../../../tools/talosctl-failures.ts'
import { wordOf } from '../disk-guard.ts'
import { explainMachine } from '../machine-failure.ts'
import { talosPort, tcpOpen } from '../tcp-probe.ts'
import { checkedDisk } from './check-disk.ts'
import type { SetupWorld } from './world.ts'

/** True when the machine answers at its target address by certificate and runs exactly the prepared configuration. */
export async function runsConfiguration(w: SetupWorld, ctx: StepContext): Promise<boolean> {
  const { targetIp } = await w.record()
  if (!targetIp || !(await tcpOpen(targetIp, talosPort, 1_500, ctx.signal))) return false
  try {
    return await w.talosctl(ctx).hasConfig(targetIp, w.places.final(w.node))
  } catch (error) {
    if (talosFailure(error)) return false
    throw error
  }
}

/** Hands the configuration to the machine: where it waits in maintenance mode, or by certificate when it is ours. */
export function applyConfiguration(w: SetupWorld): Step {
  return {
    name: 'apply-configuration',
    title: 'Applying configuration',
    weight: 2,
    tries: 3,
    async needs() {
      const { name, targetIp } = await w.record()
      if (targetIp) return
      throw new WildError('CONFLICT', `${name} has no target address. Set cluster.nodes.active.${name}.targetIp.`, {
        node: name,
      })
    },
    async done(ctx) {
      return (await runsConfiguration(w, ctx)) && 'the machine runs this configuration'
    },
    async run(ctx) {
      const record = await w.record()
      const target = await w.locate(ctx)
      // Time went by since the check, and names of disks may change with every start.
      const disk = await checkedDisk(w, ctx, target)
      if (target.insecure) await w.store.update(w.instance, w.node, { installedDisk: wordOf(disk) }, w.by)
      ctx.say(
        `Handing the configuration to ${record.name} at ${target.ip}${target.insecure ? ' (maintenance mode): it installs to disk and restarts' : ''}`,
      )
      try {
        await w.talosctl(ctx).applyConfig(target, w.places.final(w.node))
      } catch (error) {
        throw explainMachine(error, record, 'Applying the configuration')
      }
    },
    async plan() {
      const record = await w.record()
      const insecure = record.maintenance !== false
      const ip = insecure ? (record.currentIp ?? record.targetIp) : record.targetIp
      return [
        {
          kind: 'command',
          text: `talosctl apply-config --nodes ${ip}${insecure ? ' --insecure' : ''} --file ${w.places.final(w.node)}`,
        },
      ]
    },
  }
}
