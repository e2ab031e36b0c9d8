import type { StepContext } from '../../operations/define.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { hashAnnotation, keyOf } from './model.ts'
import { ownedIn } from './owned.ts'

/** What we once put into a namespace of its own and is no longer among what is wanted there. Volumes and Secrets are never among it. */
export async function leftovers(kubectl: Kubectl, namespace: string, wanted: KubeObject[]): Promise<KubeObject[]> {
  const keys = new Set(wanted.map(keyOf))
  const owned = await ownedIn(kubectl, namespace)
  return owned.filter((object) => object.metadata.annotations?.[hashAnnotation] && !keys.has(keyOf(object)))
}

/** The same, as the objects of a step that removes them. */
export function leftoverObjects(set: {
  namespace: string
  kubectl(ctx: StepContext): Kubectl
  objects(ctx: StepContext): Promise<KubeObject[]>
}): (ctx: StepContext) => Promise<KubeObject[]> {
  return async (ctx) => leftovers(set.kubectl(ctx), set.namespace, await set.objects(ctx))
}
