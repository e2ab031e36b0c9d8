import { createHash, randomInt } from 'node:crypto'
import type { KubeObject } from '../objects.ts'

/** The letters Kubernetes uses in made-up names: no vowels, nothing that reads like a word. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** JSON with sorted keys: equal values give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return `{${entries
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`)
    .join(',')}}`
}

/** A short name-safe hash of any value: the same value always gives the same name. */
export function nameHash(value: unknown, length = 10): string {
  const digest = createHash('sha256').update(canonical(value)).digest()
  return [...digest.subarray(0, length)].map((byte) => letters[byte % letters.length]).join('')
}

/** A random suffix for a generated name. */
export const randomSuffix = (length = 5): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('')

/** The owner reference that makes `owner` the controller of another object. */
export function controllerReference(owner: KubeObject) {
  const { apiVersion, kind, metadata } = owner
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true }
}

/** The objects that `owner` controls. */
export const controlledBy = (owner: KubeObject, objects: KubeObject[]): KubeObject[] =>
  objects.filter(({ metadata }) =>
    (metadata.ownerReferences ?? []).some(({ uid, controller }) => controller === true && uid === owner.metadata.uid),
  )

/** The reference to the object's controller, if it has one. */
export const controllerOf = (object: KubeObject) =>
  object.metadata.ownerReferences?.find(({ controller }) => controller === true)
