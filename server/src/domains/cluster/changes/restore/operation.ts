import { z } from 'zod'
import type { OperationDefinition, Step, StepItem } from '../../../../operations/define.ts'
import { instanceName } from '../../../../platform/names.ts'
import { fetchKubeconfig } from '../../bootstrap/fetch-kubeconfig.ts'
import { validateHealth } from '../../bootstrap/validate-health.ts'
import { waitForApi } from '../../bootstrap/wait-for-api.ts'
import { waitForNodes } from '../../bootstrap/wait-for-nodes.ts'
import { waitForVip } from '../../bootstrap/wait-for-vip.ts'
import { bootstrapWorld, chooseNode } from '../../bootstrap/world.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { snapshotName } from '../snapshots/model.ts'
import { saveEtcd } from '../snapshots/save.ts'
import { findSnapshot } from '../snapshots/store.ts'
import { changeWorld } from '../world.ts'
import { checkSnapshot } from './check-snapshot.ts'
import { readRestoreNote } from './note.ts'
import { recoverEtcd } from './recover-etcd.ts'
import { wipeEtcd } from './wipe-etcd.ts'
import { type RestoreWorld, restoreWorld } from './world.ts'

const input = z.strictObject({
  instance: instanceName,
  snapshot: snapshotName,
  skipOffline: z.boolean().default(false),
  /** Tells this restore from the next one; taken from the time. */
  restore: z.string().max(40).optional(),
  confirm: z.boolean().optional(),
})
export type RestoreInput = z.output<typeof input>

function finish(w: RestoreWorld): Step {
  return {
    name: 'finish',
    title: 'Writing down that it is restored',
    done: async () => Boolean((await w.progress())?.finished),
    async run(ctx) {
      await w.mark({ finished: true })
      ctx.result({ snapshot: (await w.snapshot()).name })
      for (const name of await w.leftOut())
        ctx.warn(
          `${name} did not answer and is no part of etcd any more. With its old data it would be a second cluster: if it comes back, reset it at once and set it up again (wild-cli node reset ${name}, then wild-cli node setup ${name}). If it does not, take it out: wild-cli node remove ${name} --gone`,
        )
      w.deps.instances.changed(w.instance, 'cluster')
    },
    plan: async () => [],
  }
}

/** With a control plane left out the cluster cannot be healthy: it still names it. */
function healthUnless(w: RestoreWorld, health: Step): Step {
  return {
    ...health,
    async done(ctx) {
      const names = await w.leftOut()
      return names.length ? `without ${names.join(', ')} it is not whole` : health.done!(ctx)
    },
  }
}

/** Puts etcd back to a snapshot: what changed in the cluster since then is lost. Interrupted, the same goes on. */
export function restoreOperation(deps: ChangesDeps): OperationDefinition<RestoreInput> {
  return {
    type: 'cluster.etcd-restore',
    tools: ['talosctl', 'kubectl'],
    title: ({ instance, snapshot }) => `Restore etcd of ${instance} from ${snapshot}`,
    input: input as z.ZodType<RestoreInput>,
    async complete({ confirm: _confirm, restore, ...rest }) {
      const last = await readRestoreNote(deps.paths.instance(rest.instance))
      const unfinished = last?.snapshot === rest.snapshot && !last.finished ? last.restore : undefined
      return { ...rest, restore: restore ?? unfinished ?? new Date(deps.clock.now()).toISOString() }
    },
    instance: ({ instance }) => instance,
    target: ({ snapshot }) => snapshot,
    locks: ({ instance }) => [`instances/${instance}/cluster`],
    async refuse({ instance, snapshot }) {
      await deps.instances.require(instance)
      await findSnapshot(deps.paths.instance(instance).etcdSnapshots, snapshot)
      chooseNode(await deps.nodes.records(instance))
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async steps({ instance, snapshot, restore, skipOffline }): Promise<StepItem[]> {
      const base = changeWorld(deps, instance, `restore of ${snapshot}`)
      const w = restoreWorld(base, { snapshot, restore: restore!, skipOffline })
      const b = await bootstrapWorld(deps, instance, chooseNode(await deps.nodes.records(instance)).name)
      const begun = async () => ((await w.progress()) ? 'what was there was saved when this began' : undefined)
      return [
        checkSnapshot(w),
        saveEtcd(w, { purpose: 'before-restore', optional: true, unneeded: begun }),
        mustBeDone(wipeEtcd(w)),
        mustBeDone(recoverEtcd(w)),
        waitForVip(b),
        waitForApi(b),
        fetchKubeconfig(b),
        waitForNodes(b, w.leftOut),
        healthUnless(w, validateHealth(b)),
        finish(w),
      ]
    },
  }
}
