import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { talosFailure } from '../../../tools/talosctl-failures.ts'
import { macsOf } from '../hardware.ts'
import { type NodeRecord, nameOf } from '../model.ts'
import { talosPort, tcpOpen } from '../tcp-probe.ts'
import { runsConfiguration } from './apply-configuration.ts'
import type { SetupWorld } from './world.ts'

/** Stages of a machine that is up; a control plane stays `booting` until the cluster is bootstrapped. */
const upStages = new Set(['booting', 'running'])
/** 10 minutes: installing and restarting takes 1–3 minutes on real hardware, more with slow disks. */
const attempts = 300
const intervalMs = 2_000

/** One look: the stage the machine reports at its target address. Throws NotYet with the reason. */
async function stageOf(w: SetupWorld, ctx: StepContext): Promise<string> {
  const { targetIp } = await w.record()
  if (!targetIp || !(await tcpOpen(targetIp, talosPort, 1_500, ctx.signal)))
    throw new NotYet(`no answer at ${targetIp} yet`)
  try {
    const status = await w.talosctl(ctx).machineStatus({ ip: targetIp }, { repeated: true })
    if (!status) throw new NotYet('it does not tell its state yet')
    return status.stage
  } catch (error) {
    if (error instanceof NotYet || !talosFailure(error)) throw error
    throw new NotYet(`it does not accept the instance's certificate yet (${talosFailure(error)})`)
  }
}

async function isUp(w: SetupWorld, ctx: StepContext): Promise<string> {
  const stage = await stageOf(w, ctx)
  if (!upStages.has(stage)) throw new NotYet(`the machine is ${stage}`)
  if (!(await runsConfiguration(w, ctx))) throw new NotYet('it still runs another configuration')
  return stage
}

/** True when the machine waits for a configuration at this address. */
async function inMaintenance(w: SetupWorld, ctx: StepContext, ip: string, mac: string | undefined): Promise<boolean> {
  try {
    const macs = macsOf(await w.talosctl(ctx).links({ ip, insecure: true }, { repeated: true }))
    return !mac || macs.includes(mac)
  } catch (error) {
    if (talosFailure(error)) return false
    throw error
  }
}

/**
 * Notices a machine that went away and came back as it was before: the installation failed, waiting longer is in vain.
 * The returned function looks once and throws when that happened.
 */
function watchForReturn(w: SetupWorld, ctx: StepContext, { name, currentIp, mac }: NodeRecord): () => Promise<void> {
  let gone = false
  return async () => {
    if (!currentIp) return
    if (!(await tcpOpen(currentIp, talosPort, 1_500, ctx.signal))) gone = true
    else if (gone && (await inMaintenance(w, ctx, currentIp, mac)))
      throw new WildError(
        'OPERATION_FAILED',
        `${name} came back in maintenance mode at ${currentIp}: Talos could not be installed to its disk. Look at the machine's screen for the reason (a full or broken disk, no way to the image), then run the set-up again.`,
        { node: name, ip: currentIp, hint: `wild-cli node setup ${name}` },
      )
  }
}

/** Waits until the machine answers by certificate at its target address and runs the new configuration. */
export function waitForNode(w: SetupWorld): Step {
  return {
    name: 'wait-for-node',
    title: 'Waiting for the node to come back',
    weight: 4,
    timeoutMs: 25 * 60_000,
    async done(ctx) {
      try {
        return `the machine is ${await isUp(w, ctx)}`
      } catch (error) {
        if (error instanceof NotYet) return false
        throw error
      }
    },
    async run(ctx) {
      const record = await w.record()
      try {
        const refuseReturn = watchForReturn(w, ctx, record)
        async function look(): Promise<string> {
          try {
            return await isUp(w, ctx)
          } catch (error) {
            if (error instanceof NotYet) await refuseReturn()
            throw error
          }
        }
        const what = `${record.name} to answer at ${record.targetIp}`
        const stage = await ctx.waitFor({ what, attempts, intervalMs, look })
        ctx.say(`${record.name} is back at ${record.targetIp} (${stage})`)
      } catch (error) {
        if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
        throw new WildError(
          'TIMEOUT',
          `${nameOf(record)} did not come back at ${record.targetIp}. ${error.message} Look at the machine's screen: it says what it waits for. Then run the set-up again; a machine that is broken for good is forgotten by wild-cli node delete ${record.name}`,
          { ...error.details, node: record.name, hint: `wild-cli node setup ${record.name}` },
          { cause: error },
        )
      }
    },
  }
}
