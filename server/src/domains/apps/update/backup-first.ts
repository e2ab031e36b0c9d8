import { isGroup, type StepContext, type StepGroup, type StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import type { AppWorld } from '../deploy/world.ts'

/** A backup before the update, of apps that say what to back up and run already. */
export async function backupFirst(w: AppWorld): Promise<StepGroup[]> {
  const { manifest, instance, deps } = w
  if (!manifest.backup || !deps.backupBeforeUpdate) return []
  const steps = await deps.backupBeforeUpdate(instance, manifest.name)
  const skipped = (ctx: StepContext) => needless(w, ctx)
  return [{ name: 'backup', title: 'Backing it up', weight: 2, steps: steps.map((step) => unless(step, skipped)) }]
}

/** Why no backup is made. The files still differ while the steps of the backup run: they come before those that write them. */
async function needless(w: AppWorld, ctx: StepContext): Promise<string | false> {
  if ((await w.configurer.pending()).nothing) return 'nothing changes'
  if (!(await exists(w.deps.instances.paths(w.instance).kubeconfig))) return 'there is no cluster yet'
  const [namespace] = await w.kubectl(ctx).get('namespace', { name: w.namespace })
  return !namespace && 'it does not run yet'
}

/** The same step, done when it is not needed. */
function unless(item: StepItem, needless: (ctx: StepContext) => Promise<string | false>): StepItem {
  if (isGroup(item)) return { ...item, steps: item.steps.map((step) => unless(step, needless)) }
  return { ...item, done: async (ctx) => (await needless(ctx)) || (await item.done?.(ctx)) || false }
}
