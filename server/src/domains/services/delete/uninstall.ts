import type { Step, StepContext } from '../../../operations/define.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { applyStep, lookup, readiness, stateOf } from '../../objects/index.ts'
import type { ApplyEntry, ServiceWorld } from '../install/world.ts'

/** What the uninstaller of a service is made of; nothing when it needs none. */
export async function uninstallObjects(w: ServiceWorld, ctx: StepContext): Promise<KubeObject[]> {
  const { uninstall } = w.entry.manifest
  return uninstall ? w.objects(ctx, uninstall) : []
}

/**
 * Lets a service clear away what nobody else can before its objects are deleted. Done = its Jobs are complete, or nothing
 * of the service is left in the cluster (`objects`): what it clears away may be part of the step itself.
 */
export function uninstallStep(
  w: ServiceWorld,
  uninstall: ApplyEntry,
  objects: (ctx: StepContext) => Promise<KubeObject[]>,
): Step {
  const step = applyStep({
    name: uninstall.kustomize,
    title: uninstall.title,
    of: w.entry.manifest.title,
    namespace: w.entry.manifest.namespace,
    kubectl: w.kubectl,
    objects: (ctx) => uninstallObjects(w, ctx),
    ready: uninstall.ready,
  })
  return {
    ...step,
    async done(ctx) {
      const kubectl = w.kubectl(ctx)
      if ((await kubectl.getLive(await objects(ctx))).length === 0) return 'nothing of it is left'
      const jobs = (await uninstallObjects(w, ctx)).filter(({ kind }) => kind === 'Job')
      const find = lookup(await kubectl.getLive(jobs))
      const isOver = (job: KubeObject) => stateOf(job, find(job)) === 'same' && readiness(find(job)!).ready
      return jobs.length > 0 && jobs.every(isOver) && 'it has cleared away what it made'
    },
  }
}
