import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { LabStore } from '../store.ts'
import type { KubeObject, ObjectEvent, ObjectFilter, ObjectStore } from './objects.ts'
import { builtinGroupOf, groupOf, isNamespacedKind } from './resources.ts'

/** The collection of the lab's store that holds the objects of one cluster. */
export const objectCollection = (clusterId: string): string => `kube/${clusterId}`

/**
 * What kind an object is kept under: its Kind, or `Kind.group` for a custom kind that shares its name with a built-in
 * one (Longhorn has its own `Node`), so that `list('Node')` never returns strangers.
 */
export function storedKind(apiVersion: string, kind: string): string {
  const builtin = builtinGroupOf(kind)
  const group = groupOf(apiVersion)
  return builtin === undefined || builtin.includes(group) ? kind : `${kind}.${group}`
}

const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ''}/${name}`
const keyOfObject = (object: KubeObject): string =>
  keyOf(storedKind(object.apiVersion, object.kind), object.metadata.namespace, object.metadata.name)

/** The parts a change of which raises `metadata.generation`. */
function content(object: KubeObject): Record<string, unknown> {
  const { metadata, status, ...rest } = object
  return rest
}

/** Equal apart from what the store itself sets. */
function sameObject(one: KubeObject, other: KubeObject): boolean {
  const bare = (object: KubeObject) => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: '', generation: 0 },
  })
  return isDeepStrictEqual(bare(one), bare(other))
}

/** Dropping undefined fields by a round trip makes what is held equal to what is stored. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function matches(object: KubeObject, filter: ObjectFilter): boolean {
  if (filter.namespace !== undefined && object.metadata.namespace !== filter.namespace) return false
  const labels = object.metadata.labels ?? {}
  return Object.entries(filter.labels ?? {}).every(([key, value]) => labels[key] === value)
}

/**
 * The objects of one cluster, kept in memory and written through: a change is in the lab's store before the call
 * returns. Make one per cluster and life of its API server; it reads everything that is stored when it is made.
 */
export function createObjectStore(store: LabStore, clusterId: string): ObjectStore & { revision(): string } {
  const collection = objectCollection(clusterId)
  const revisions = `${collection}/revision`
  const objects = new Map(store.list<KubeObject>(collection).map(({ key, value }) => [key, value]))
  const listeners = new Set<(event: ObjectEvent) => void>()
  let revision = store.get<number>(revisions, 'last') ?? 1

  const emit = (events: ObjectEvent[]): void => {
    const failures: unknown[] = []
    for (const event of events) {
      for (const listener of [...listeners]) {
        try {
          listener(copy(event))
        } catch (error) {
          failures.push(error)
        }
      }
    }
    if (failures.length > 0) throw failures[0]
  }
  const nextRevision = (): string => {
    revision += 1
    store.put(revisions, 'last', revision)
    return String(revision)
  }
  const write = (type: 'ADDED' | 'MODIFIED', object: KubeObject): void => {
    const key = keyOfObject(object)
    store.transaction(() => {
      object.metadata.resourceVersion = nextRevision()
      store.put(collection, key, object)
    })
    objects.set(key, object)
    emit([{ type, object }])
  }

  /** The object with everything that lives by it: a namespace's content and, through ownerReferences, dependents. */
  const withDependents = (first: KubeObject): Map<string, KubeObject> => {
    const found = new Map([[keyOfObject(first), first]])
    const owners = new Set([first.metadata.uid])
    const namespaces = new Set(first.kind === 'Namespace' ? [first.metadata.name] : [])
    const belongs = (object: KubeObject): boolean =>
      namespaces.has(object.metadata.namespace ?? '') ||
      (object.metadata.ownerReferences ?? []).some((owner) => owners.has(owner.uid))
    for (let size = 0; size !== found.size; ) {
      size = found.size
      for (const [key, object] of objects) {
        if (found.has(key) || !belongs(object)) continue
        found.set(key, object)
        owners.add(object.metadata.uid)
      }
    }
    return found
  }

  return {
    revision: () => String(revision),

    get: (kind, namespace, name) => {
      const object = objects.get(keyOf(kind, namespace, name)) ?? objects.get(keyOf(kind, undefined, name))
      if (object === undefined || (object.metadata.namespace !== undefined && namespace === undefined)) return undefined
      return copy(object)
    },

    list: (kind, filter = {}) => {
      const prefix = `${kind}/`
      const found = [...objects].filter(([key, object]) => key.startsWith(prefix) && matches(object, filter))
      return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => copy(object))
    },

    create: (given) => {
      const object = copy(given)
      if (isNamespacedKind(storedKind(object.apiVersion, object.kind)) === false) delete object.metadata.namespace
      const key = keyOfObject(object)
      if (objects.has(key)) throw new Error(`${object.kind} "${object.metadata.name}" already exists`)
      object.metadata.uid = randomUUID()
      object.metadata.creationTimestamp = `${new Date().toISOString().slice(0, 19)}Z`
      object.metadata.generation = 1
      write('ADDED', object)
      return copy(object)
    },

    update: (given) => {
      const next = copy(given)
      const current = objects.get(keyOfObject(next))
      if (current === undefined) throw new Error(`${next.kind} "${next.metadata.name}" not found`)
      const { uid, creationTimestamp, generation, resourceVersion } = current.metadata
      Object.assign(next.metadata, { uid, creationTimestamp, generation, resourceVersion })
      if (sameObject(current, next)) return copy(current)
      if (!isDeepStrictEqual(content(current), content(next))) next.metadata.generation = (generation ?? 1) + 1
      write('MODIFIED', next)
      return copy(next)
    },

    updateStatus: (object, status) => {
      const current = objects.get(keyOfObject(object))
      if (current === undefined || current.metadata.uid !== (object.metadata.uid ?? current.metadata.uid)) return
      const next = copy({ ...current, status })
      if (isDeepStrictEqual(current.status, next.status)) return
      write('MODIFIED', next)
    },

    delete: (kind, namespace, name) => {
      const object = objects.get(keyOf(kind, namespace, name)) ?? objects.get(keyOf(kind, undefined, name))
      if (object === undefined) return
      const gone = withDependents(object)
      const events: ObjectEvent[] = []
      store.transaction(() => {
        for (const [key, one] of gone) {
          const last = { ...one, metadata: { ...one.metadata, resourceVersion: nextRevision() } }
          store.delete(collection, key)
          events.push({ type: 'DELETED', object: last })
        }
      })
      for (const key of gone.keys()) objects.delete(key)
      emit(events)
    },

    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
