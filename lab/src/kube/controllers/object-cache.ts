import { storedKind } from '../object-store.ts'
import type { KubeObject, ObjectEvent, ObjectFilter, ObjectStore } from '../objects.ts'

/** Kinds read one by one and written often: keeping them here would cost more than it saves. */
const uncached = new Set(['Event'])

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}

function matches(object: KubeObject, filter: ObjectFilter): boolean {
  if (filter.namespace !== undefined && object.metadata.namespace !== filter.namespace) return false
  const labels = object.metadata.labels ?? {}
  return Object.entries(filter.labels ?? {}).every(([key, value]) => labels[key] === value)
}

/**
 * The object store with its reads kept in memory and followed by events, since the reconcilers read the same few
 * kinds over and over. What it returns is shared and frozen; writes go straight through.
 */
export function cacheObjects(objects: ObjectStore): ObjectStore & { close(): void } {
  const kinds = new Map<string, Map<string, KubeObject>>()

  const follow = ({ type, object }: ObjectEvent): void => {
    const known = kinds.get(storedKind(object.apiVersion, object.kind))
    if (known === undefined) return
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    if (type === 'DELETED') known.delete(key)
    else known.set(key, freeze(structuredClone(object)))
  }
  const stop = objects.onEvent(follow)

  const of = (kind: string): Map<string, KubeObject> => {
    const known = kinds.get(kind)
    if (known !== undefined) return known
    const entries = objects.list(kind).map((object) => [keyOf(object.metadata.namespace, object.metadata.name), object])
    const loaded = new Map(entries as [string, KubeObject][])
    for (const object of loaded.values()) freeze(object)
    kinds.set(kind, loaded)
    return loaded
  }
  const byName = (one: KubeObject, other: KubeObject): number =>
    keyOf(one.metadata.namespace, one.metadata.name) < keyOf(other.metadata.namespace, other.metadata.name) ? -1 : 1

  return {
    get: (kind, namespace, name) =>
      uncached.has(kind) ? objects.get(kind, namespace, name) : of(kind).get(keyOf(namespace, name)),
    list: (kind, filter = {}) =>
      uncached.has(kind)
        ? objects.list(kind, filter)
        : [...of(kind).values()].filter((object) => matches(object, filter)).sort(byName),
    create: (object) => objects.create(object),
    update: (object) => objects.update(object),
    updateStatus: (object, status) => objects.updateStatus(object, status),
    delete: (kind, namespace, name) => objects.delete(kind, namespace, name),
    onEvent: (listener) => objects.onEvent(listener),
    close: stop,
  }
}
