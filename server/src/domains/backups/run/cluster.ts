import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Step, StepItem } from '../../../operations/define.ts'
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

/** Name of the part that holds what etcd holds. */
export const etcdPart = 'etcd.db'

/** What etcd holds, proven whole before it is stored: talosctl writes files only, so it lies in the cache meanwhile. */
function etcdStep(deps: BackupsWorld, making: Making, instance: string): Step {
  const draft = join(deps.paths.cache, 'backups', `${making.id}.etcd`)
  const clear = async () => {
    for (const left of [draft, `${draft}.part`]) await rm(left, { force: true })
  }
  return {
    name: 'etcd',
    title: 'Copying what etcd holds',
    timeoutMs: 3_600_000,
    done: async (ctx) =>
      (await isFinished(making, ctx)) || (await madeParts(making, ctx)).some(({ name }) => name === etcdPart),
    plan: () => Promise.resolve([{ kind: 'note' as const, text: `${etcdPart}: a snapshot of etcd` }]),
    async run(ctx) {
      await mkdir(dirname(draft), { recursive: true, mode: 0o700 })
      await clear()
      try {
        const snapshot = await deps.etcd.take(ctx, instance, draft)
        ctx.say(`${snapshot.node} sent a snapshot of etcd with ${snapshot.keys} keys`)
        const about = { name: etcdPart, kind: 'etcd', source: `etcd of ${snapshot.node}`, snapshot } as const
        await storePart(making, ctx, about, (into) => pipeline(createReadStream(draft), into))
      } finally {
        await clear()
      }
    },
    undo: clear,
  }
}

/** Objects of a cluster, secrets among them, as the API server tells them, and what etcd holds where machines of ours run it. */
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
    ...((await deps.etcd.possible(instance)) ? [etcdStep(deps, making, instance)] : []),
    finishBackup(making, { kind: 'cluster', instance, reason, quiet: false }, deps.changed),
  ]
}
