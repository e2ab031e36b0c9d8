import type { Step } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import type { AppWorld } from '../deploy/world.ts'

/** A backup before the update, of apps that say what to back up and run already. */
export function backupFirst(w: AppWorld): Step {
  const { manifest, instance } = w
  return {
    name: 'backup',
    title: 'Backing it up',
    weight: 2,
    timeoutMs: 3_600_000,
    async done(ctx) {
      if (!manifest.backup) return 'it keeps no data'
      if ((await w.configurer.pending()).nothing) return 'nothing changes'
      if (!(await exists(w.deps.instances.paths(instance).kubeconfig))) return 'there is no cluster yet'
      const [namespace] = await w.kubectl(ctx).get('namespace', { name: w.namespace })
      if (!namespace) return 'it does not run yet'
      return !w.deps.backupApp && 'backups are not available here: the way back covers settings and files, not data'
    },
    async run(ctx) {
      await w.deps.backupApp?.(ctx, instance, manifest.name)
    },
  }
}
