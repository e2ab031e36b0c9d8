import { chmod, rm, stat } from 'node:fs/promises'
import type { StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import type { ChangesDeps } from '../deps.ts'
import { changeWorld } from '../world.ts'
import type { EtcdSnapshot, SnapshotNote } from './model.ts'
import { etcdNowhere } from './nowhere.ts'
import { healthyPlane, saveFrom } from './save.ts'
import { isIntact, keepSnapshot, listSnapshots } from './store.ts'

/** What others need to copy what etcd holds. */
export interface EtcdCopies {
  /** Whether there are control planes of ours that could be asked; an adopted cluster may have none. */
  possible(instance: string): Promise<boolean>
  /**
   * Writes a snapshot into a new file, readable by us alone, whose checksum is proven. Throws CLUSTER_UNREACHABLE when
   * etcd is healthy nowhere, OPERATION_FAILED when what came is not whole; then there is no file.
   */
  take(ctx: StepContext, instance: string, file: string): Promise<SnapshotNote>
  /** Folder of the snapshots of an instance. */
  folder(instance: string): string
  /** One of the snapshots of an instance by its name. */
  find(instance: string, name: string): Promise<EtcdSnapshot | undefined>
  /** Puts what `write` writes among the snapshots of an instance. Throws CONFLICT, keeping nothing, when it is not whole. */
  keep(instance: string, kept: KeptCopy): Promise<EtcdSnapshot>
}

/** A snapshot that was kept elsewhere and comes back. */
export interface KeptCopy {
  name: string
  /** When it was made, ms. */
  takenAt: number
  /** What was noted of it then. */
  note: SnapshotNote | undefined
  write(file: string): Promise<unknown>
}

/** Copies of etcd made outside the folder of snapshots. */
export function createEtcdCopies(deps: ChangesDeps): EtcdCopies {
  return {
    possible: async (instance) => (await changeWorld(deps, instance, 'backup').planes()).length > 0,
    async take(ctx, instance, file) {
      const w = changeWorld(deps, instance, 'backup')
      const plane = await healthyPlane(w, ctx)
      if (!plane) throw etcdNowhere()
      try {
        const note = await saveFrom(w, ctx, plane, file)
        await chmod(file, 0o600)
        if (await isIntact({ file, size: (await stat(file)).size })) return note
        throw new WildError(
          'OPERATION_FAILED',
          `The snapshot of etcd that ${plane.name} sent is not whole: its checksum does not fit. Try again.`,
          { node: plane.name },
        )
      } catch (error) {
        for (const left of [file, `${file}.part`]) await rm(left, { force: true })
        throw error
      }
    },
    folder: (instance) => deps.paths.instance(instance).etcdSnapshots,
    find: async (instance, name) =>
      (await listSnapshots(deps.paths.instance(instance).etcdSnapshots)).find((one) => one.name === name),
    async keep(instance, { name, takenAt, note, write }) {
      async function proven(draft: string): Promise<SnapshotNote | undefined> {
        await write(draft)
        if (await isIntact({ file: draft, size: (await stat(draft)).size })) return note
        throw new WildError('CONFLICT', 'It is no whole snapshot of etcd: its checksum does not fit. Nothing was kept.')
      }
      const snapshot = await keepSnapshot(deps.paths.instance(instance).etcdSnapshots, name, proven, takenAt)
      deps.instances.changed(instance, 'cluster')
      return snapshot
    },
  }
}
