import type { StepItem } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { createKubectlStreams } from '../../../tools/kubectl-streams.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { finishBackup, openTarget } from '../finish.ts'
import type { BackupReason } from '../model.ts'
import { isFinished, type Making, madeParts, storePart } from '../parts.ts'

/** What is written down of a cluster, as the old scripts did: part → kinds. */
export const clusterParts: Record<string, string> = {
  'all-resources.json':
    'namespaces,deployments,statefulsets,daemonsets,services,ingresses,jobs,cronjobs,serviceaccounts,pods',
  'configmaps.json': 'configmaps',
  'secrets.json': 'secrets',
  'storage.json': 'persistentvolumes,persistentvolumeclaims,storageclasses',
}

/** Objects of a cluster, secrets among them, as the API server tells them. */
export async function clusterSteps(
  deps: BackupsWorld,
  { instance, backup, reason }: { instance: string; backup: string; reason: BackupReason },
): Promise<StepItem[]> {
  const making: Making = { id: backup, vault: await deps.targets.ofInstance(instance), notes: deps.notes }
  const places = deps.instances.paths(instance)
  if (!(await exists(places.kubeconfig))) return []
  const where = { kubeconfig: places.kubeconfig, home: places.home }
  return [
    openTarget(making),
    {
      name: 'objects',
      title: 'Copying the objects of the cluster',
      timeoutMs: 6 * 3_600_000,
      async done(ctx) {
        if (await isFinished(making, ctx)) return true
        const made = new Set((await madeParts(making, ctx)).map(({ name }) => name))
        return Object.keys(clusterParts).every((name) => made.has(name))
      },
      plan: () =>
        Promise.resolve(
          Object.entries(clusterParts).map(([name, kinds]) => ({ kind: 'note' as const, text: `${name}: ${kinds}` })),
        ),
      async run(ctx) {
        const streams = createKubectlStreams(ctx.run, where)
        for (const [name, kinds] of Object.entries(clusterParts))
          await storePart(making, ctx, { name, kind: 'objects' }, (into) => streams.print(kinds, into))
      },
    },
    finishBackup(making, { kind: 'cluster', instance, reason, quiet: false }, deps.changed),
  ]
}
