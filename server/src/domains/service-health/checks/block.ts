import type { CheckOf, Look } from '../look.ts'
import { bad, type Finding, well } from '../model.ts'

/** The block that was merged into a text of the cluster is still in it. */
export async function block(look: Look, { configMap }: CheckOf<'block'>): Promise<Finding> {
  const target = look.manifest.apply.find(({ mergeInto }) => mergeInto)?.mergeInto
  if (!target) return well('Nothing is merged.')
  const [own] = await look.kubectl.get('configmap', { name: configMap, namespace: look.manifest.namespace })
  const [theirs] = await look.kubectl.get('configmap', { name: target.configMap, namespace: target.namespace })
  const wanted = String(own?.data?.[target.key] ?? '').trim()
  const there = wanted !== '' && String(theirs?.data?.[target.key] ?? '').includes(wanted)
  return there ? well(`${target.key} has them.`) : bad(`${target.key} of ${target.configMap} does not have them.`)
}
