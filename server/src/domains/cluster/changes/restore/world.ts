import type { StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { etcdState, explainMachine, type NodeRecord, nameOf, whoAnswers } from '../../../nodes/index.ts'
import type { EtcdSnapshot } from '../snapshots/model.ts'
import { findSnapshot } from '../snapshots/store.ts'
import type { ChangeWorld } from '../world.ts'
import { type RestoreNote, readRestoreNote, writeRestoreNote } from './note.ts'

/** What the steps of one restore share. */
export interface RestoreWorld extends ChangeWorld {
  /** Tells this restore from others. */
  restore: string
  /** Leave out control planes that do not answer. */
  skipOffline: boolean
  snapshot(): Promise<EtcdSnapshot>
  /** What is written down about this restore; undefined before it began. */
  progress(): Promise<RestoreNote | undefined>
  mark(change: Partial<RestoreNote>): Promise<void>
  /** Names of control planes that did not answer when it began, and were left out. */
  leftOut(): Promise<string[]>
  /** Control planes that take part. Throws MACHINE_OFFLINE for one that does not answer, unless those are left out. */
  participants(ctx: StepContext): Promise<NodeRecord[]>
  /** State of etcd in talosctl's words; undefined when the machine does not answer. */
  etcdState(ctx: StepContext, record: NodeRecord): Promise<string | undefined>
}

/** The world of one restore. */
export function restoreWorld(
  base: ChangeWorld,
  options: { snapshot: string; restore: string; skipOffline: boolean },
): RestoreWorld {
  const { places } = base
  const { restore, snapshot: name, skipOffline } = options
  async function progress() {
    const note = await readRestoreNote(places)
    return note?.restore === restore ? note : undefined
  }
  return {
    ...base,
    restore,
    skipOffline,
    snapshot: () => findSnapshot(places.etcdSnapshots, name),
    progress,
    async mark(change) {
      const before = (await progress()) ?? { restore, snapshot: name, recovered: false, finished: false }
      await writeRestoreNote(places, { ...before, ...change })
    },
    leftOut: async () => (await progress())?.leftOut ?? [],
    async participants(ctx) {
      const planes = await base.planes()
      // Once it has begun, who does not answer restarts as it was told.
      const begun = await progress()
      if (begun) return planes.filter(({ name }) => !begun.leftOut?.includes(name))
      const { awake, silent } = await whoAnswers(planes, ctx.signal)
      if (silent.length && !skipOffline)
        throw new WildError(
          'MACHINE_OFFLINE',
          `${silent.map(nameOf).join(', ')} ${silent.length === 1 ? 'does' : 'do'} not answer. Coming back later, with its old data, it would be a second cluster. Switch it on; or leave it out, and reset it before it comes back to the network.`,
          { nodes: silent.map((one) => one.name), hint: 'wild-cli cluster etcd-snapshot restore NAME --skip-offline' },
        )
      if (awake.length) return awake
      throw new WildError('MACHINE_OFFLINE', 'No control plane answers, so etcd cannot be restored. Switch them on.', {
        hint: 'wild-cli node list',
      })
    },
    async etcdState(ctx, record) {
      try {
        return await etcdState(base.talosctl(ctx), record.targetIp!, ctx.signal)
      } catch (error) {
        if (talosFailure(error) === 'offline' || talosFailure(error) === 'configured') return undefined
        throw explainMachine(error, record, 'Asking for the state of etcd')
      }
    },
  }
}
