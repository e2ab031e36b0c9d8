import { NotYet, type Step, type StepContext, type StepGroup } from '../../../../operations/define.ts'
import { saidBy, WildError } from '../../../../platform/errors.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { explainMachine, type NodeRecord, nameOf } from '../../../nodes/index.ts'
import { mustBeDone } from '../must-be-done.ts'
import { startOther } from '../other-talos.ts'
import { waitUntilSpare, waitUntilWell } from '../rolling/well.ts'
import type { ChangeWorld } from '../world.ts'
import { talosOf } from './now.ts'
import { recordTalos } from './record-talos.ts'
import { isAtLeast, type Version } from './versions.ts'

/** 20 minutes: pulling the image, writing it, restarting, and once more into the old one where the new one fails. */
const attempts = 600

/** An upgrade that was ordered before and is not through yet. */
const underWay = /failed to acquire upgrade mutex|upgrade in progress/i

/** How a node did not make it: it started the Talos before again by itself, or it does not answer. */
type Failure = { came: string } | 'silent'

/** Both ways on from a node that did not make it; the others are as they were. */
function bothWays(record: NodeRecord, to: Version, failure: Failure): WildError {
  const again = `wild-cli cluster upgrade --talos ${to.text}`
  const back = `wild-cli node rollback ${record.name}`
  const silent = failure === 'silent'
  const why = silent ? 'it did not come back' : `it came back with ${failure.came}, because the new one did not start`
  const goOn = silent
    ? `look at its screen; when it is back, run the same again (${again})`
    : 'mend this (its screen tells more) and run the same again'
  const goBack = silent
    ? `the Talos it ran before is still in its other boot slot, to be chosen in the boot menu on its screen, or by ${back} when it answers again. A machine that is broken for good: wild-cli node remove ${record.name} --gone`
    : 'nothing is to be done: it runs as it did before'
  return new WildError(
    'OPERATION_FAILED',
    `${nameOf(record)} did not get to Talos ${to.text}: ${why}. The nodes after it are left as they are. To go on: ${goOn}; what is done is skipped, and a slot that works is never overwritten twice. To go back: ${goBack}.`,
    { node: record.name, version: to.text, hint: again, ...(silent ? { back } : {}) },
  )
}

/** The installer of a node: its own schematic wins over the instance's. Throws CONFLICT when there is none. */
async function installerOf(w: ChangeWorld, record: NodeRecord, to: Version): Promise<string> {
  const schematic = record.schematicId ?? (await w.deps.config.get(w.instance, 'cluster.nodes.talos.schematicId'))
  if (typeof schematic === 'string' && schematic) return `factory.talos.dev/metal-installer/${schematic}:${to.text}`
  throw new WildError('CONFLICT', `${record.name} has no schematic: cluster.nodes.talos.schematicId is not set.`, {
    hint: 'wild-cli config set cluster.nodes.talos.schematicId ID',
  })
}

/** Orders the upgrade unless it was ordered before and runs. Throws NotYet when the network was cut before an answer. */
async function order(w: ChangeWorld, ctx: StepContext, record: NodeRecord, to: Version): Promise<void> {
  const image = await installerOf(w, record, to)
  ctx.say(`${nameOf(record)} is told to install ${image} to its other boot slot and restart`)
  try {
    await w.talosctl(ctx).upgrade(record.targetIp!, image)
  } catch (error) {
    // Whether it was taken shows when the machine answers again.
    if (talosFailure(error) === 'offline') throw new NotYet('the network was cut while it was told')
    if (!underWay.test(saidBy(error))) throw explainMachine(error, record, `Upgrading to Talos ${to.text}`)
    ctx.say(`${record.name} is upgrading already`)
  }
}

function upgradeStep(w: ChangeWorld, name: string, to: Version): Step {
  return {
    name: 'upgrade',
    title: `Upgrading ${name} to Talos ${to.text}`,
    weight: 5,
    timeoutMs: 50 * 60_000,
    async done(ctx) {
      const version = await talosOf(w, ctx, await w.node(name))
      return isAtLeast(version, to) && `it runs ${version}`
    },
    async run(ctx) {
      await startOther(w, ctx, name, {
        what: `${name} to run Talos ${to.text}`,
        attempts,
        isIt: (version) => isAtLeast(version, to),
        order: (at, record) => order(w, at, record, to),
        cameBack: (record, version) => bothWays(record, to, { came: version }),
        silent: (record) => bothWays(record, to, 'silent'),
      })
    },
    async plan() {
      const record = await w.node(name)
      return [
        {
          kind: 'command',
          text: `talosctl upgrade --nodes ${record.targetIp} --image ${await installerOf(w, record, to)}`,
        },
      ]
    },
  }
}

/** One node to one version, with a gate before and after. */
export function upgradeNode(w: ChangeWorld, name: string, to: Version): StepGroup {
  async function reached(ctx: StepContext): Promise<string | false> {
    const version = await talosOf(w, ctx, await w.node(name))
    return isAtLeast(version, to) && `it runs ${version}`
  }
  async function passed(ctx: StepContext): Promise<string | false> {
    const version = await talosOf(w, ctx, await w.node(name))
    return isAtLeast(version, { ...to, patch: to.patch + 1 }) && `it runs ${version}`
  }
  return {
    name,
    title: `${name} to Talos ${to.text}`,
    steps: [
      waitUntilSpare(w, name, reached),
      mustBeDone(upgradeStep(w, name, to)),
      waitUntilWell(w, name, {
        unneeded: passed,
        unwell: (reason) =>
          new WildError(
            'OPERATION_FAILED',
            `${name} runs Talos ${to.text}, but the cluster is not well with it: ${reason}. The nodes after it are left as they are. To go on: mend this and run the same again. To go back: wild-cli node rollback ${name} starts the Talos before, which is still in its other boot slot.`,
            { node: name, hint: 'wild-cli cluster health', back: `wild-cli node rollback ${name}` },
          ),
      }),
      recordTalos(w, name, {
        version: async () => to.text,
        names: async (written) => isAtLeast(written, to),
      }),
    ],
  }
}
