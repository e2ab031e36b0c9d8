import { NotYet, type StepContext } from '../../../operations/define.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { isHelper } from './helper-pod.ts'
import type { AppDataWorld } from './world.ts'

/** How many replicas a workload had before it was stopped. It is set in the same change that stops it, and outlasts a crash. */
export const replicasBefore = 'wild-central.io/replicas-before-backup'

async function workloads(w: AppDataWorld, ctx: StepContext): Promise<KubeObject[]> {
  const kinds = ['deployment', 'statefulset']
  const found = await Promise.all(
    kinds.map((kind) => w.kubectl(ctx).get(kind, { namespace: w.namespace, repeated: true })),
  )
  return found.flat()
}

const kept = (object: KubeObject): number | undefined => {
  const text = object.metadata.annotations?.[replicasBefore]
  return text === undefined ? undefined : Number(text)
}

/** True when an app was stopped for a backup or a restore and never started again. */
export async function standsStill(w: AppDataWorld, ctx: StepContext): Promise<boolean> {
  return (await workloads(w, ctx)).some((object) => kept(object) !== undefined)
}

/** Stops everything of an app and waits until no pod of it is left. */
export async function stopApp(w: AppDataWorld, ctx: StepContext): Promise<void> {
  for (const object of await workloads(w, ctx)) {
    const replicas = object.spec.replicas ?? 1
    if (kept(object) !== undefined || replicas === 0) continue
    await w.streams(ctx).patch(object.kind.toLowerCase(), object.metadata.name, w.namespace, {
      metadata: { annotations: { [replicasBefore]: String(replicas) } },
      spec: { replicas: 0 },
    })
  }
  await ctx.waitFor({
    what: `${w.manifest.title} to stop`,
    attempts: 150,
    async look() {
      const pods = await w.kubectl(ctx).get('pod', { namespace: w.namespace, repeated: true })
      const left = pods.filter((pod) => !isHelper(pod) && !['Succeeded', 'Failed'].includes(pod.status?.phase))
      if (left.length > 0) throw new NotYet(`${left.length} of its pods still run`)
    },
  })
}

/** Starts again what `stopApp` stopped; what it did not stop is left alone. */
export async function startApp(w: AppDataWorld, ctx: StepContext): Promise<void> {
  for (const object of await workloads(w, ctx)) {
    const replicas = kept(object)
    if (replicas === undefined) continue
    await w.streams(ctx).patch(object.kind.toLowerCase(), object.metadata.name, w.namespace, {
      metadata: { annotations: { [replicasBefore]: null } },
      spec: { replicas },
    })
  }
}

/** Waits until everything of the app is ready. */
export async function appReady(w: AppDataWorld, ctx: StepContext): Promise<void> {
  await ctx.waitFor({
    what: `${w.manifest.title} to be ready`,
    attempts: 300,
    async look() {
      for (const { kind, metadata, spec, status } of await workloads(w, ctx)) {
        const ready = status?.readyReplicas ?? 0
        const settled = (status?.observedGeneration ?? 0) >= ((metadata.generation as number | undefined) ?? 0)
        if (!settled || ready < (spec.replicas ?? 1))
          throw new NotYet(`${kind} ${metadata.name} has ${ready} of ${spec.replicas ?? 1} pods ready`)
      }
    },
  })
}
