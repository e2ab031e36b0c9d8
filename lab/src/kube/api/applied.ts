import type { LabStore } from '../../store.ts'
import type { ObjectStore } from '../objects.ts'

/** Remembers what each field manager applied last, which is how server-side apply knows what was dropped. */
export interface AppliedStore {
  /** What this manager applied last, and what all others did. */
  owners(
    uid: string | undefined,
    manager: string,
  ): { previous: unknown; others: { manager: string; applied: unknown }[] }
  remember(uid: string, manager: string, applied: unknown): void
  close(): void
}

/** Kept in the lab's store; forgotten with the object. */
export function createAppliedStore(store: LabStore, objects: ObjectStore, clusterId: string): AppliedStore {
  const collection = `kube/${clusterId}/applied`
  const close = objects.onEvent(({ type, object }) => {
    if (type !== 'DELETED') return
    for (const { key } of store.list(collection, `${object.metadata.uid}/`)) store.delete(collection, key)
  })
  return {
    owners: (uid, manager) => {
      if (uid === undefined) return { previous: undefined, others: [] }
      const all = store
        .list<unknown>(collection, `${uid}/`)
        .map(({ key, value }) => ({ manager: key.slice(uid.length + 1), applied: value }))
      return {
        previous: all.find((one) => one.manager === manager)?.applied,
        others: all.filter((one) => one.manager !== manager),
      }
    },
    remember: (uid, manager, applied) => store.put(collection, `${uid}/${manager}`, applied),
    close,
  }
}
