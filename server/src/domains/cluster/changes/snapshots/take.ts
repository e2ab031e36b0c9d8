import { chmod, rm, stat } from 'node:fs/promises'
import type { StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import type { ChangesDeps } from '../deps.ts'
import { changeWorld } from '../world.ts'
import type { SnapshotNote } from './model.ts'
import { etcdNowhere } from './nowhere.ts'
import { healthyPlane, saveFrom } from './save.ts'
import { isIntact } from './store.ts'

/** What others need to copy what etcd holds. */
export interface EtcdCopies {
  /** Whether there are control planes of ours that could be asked; an adopted cluster may have none. */
  possible(instance: string): Promise<boolean>
  /**
   * Writes a snapshot into a new file, readable by us alone, whose checksum is proven. Throws CLUSTER_UNREACHABLE when
   * etcd is healthy nowhere, OPERATION_FAILED when what came is not whole; then there is no file.
   */
  take(ctx: StepContext, instance: string, file: string): Promise<SnapshotNote>
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
  }
}
