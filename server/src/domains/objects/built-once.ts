import type { StepContext } from '../../operations/define.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { parseManifests } from './model.ts'

/** Objects of a kustomization, built once per step: `done` and `run` of one step see the same ones. */
export function builtOnce(build: (ctx: StepContext) => Promise<string>): (ctx: StepContext) => Promise<KubeObject[]> {
  const built = new WeakMap<StepContext, Promise<KubeObject[]>>()
  return (ctx) => {
    const known = built.get(ctx)
    if (known) return known
    const objects = build(ctx).then(parseManifests)
    built.set(ctx, objects)
    // A failure is not kept: a step that tries again builds again.
    objects.catch(() => built.delete(ctx))
    return objects
  }
}
