import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { asWildError } from '../../../platform/errors.ts'
import { stampedName } from '../../cluster/index.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { type BundleEntry, fileEntry, textEntry } from '../bundle/write.ts'
import { backupTime } from '../model.ts'

/** What etcd of the clusters holds, on its way into a backup of the device. */
export interface ClusterCopies {
  /** Takes a snapshot of each cluster. One that cannot be asked is told as a warning: the device is backed up without it. */
  take(ctx: StepContext): Promise<void>
  /** The snapshots where a restored device looks for them: among those of their instance. */
  entries(): AsyncGenerator<BundleEntry>
  /** Removes what was taken. */
  clear(): Promise<void>
}

interface Copy {
  draft: string
  /** Below the data directory. */
  path: string
  note: string
}

/** Instances with a cluster on machines of ours. */
export async function instancesWithEtcd({ instances, etcd }: BackupsWorld): Promise<string[]> {
  const names: string[] = []
  for (const { name } of await instances.list())
    if ((await exists(instances.paths(name).kubeconfig)) && (await etcd.possible(name))) names.push(name)
  return names
}

/** Copies for one backup, in the cache until they are stored. */
export function clusterCopies(deps: BackupsWorld, backup: string): ClusterCopies {
  const name = stampedName(backupTime(backup), 'device-backup')
  const draftOf = (instance: string) => join(deps.paths.cache, 'backups', `${backup}.${instance}.etcd`)
  const taken: Copy[] = []

  async function clear(): Promise<void> {
    for (const { name: instance } of await deps.instances.list())
      for (const left of [draftOf(instance), `${draftOf(instance)}.part`]) await rm(left, { force: true })
    taken.length = 0
  }

  async function takeOne(ctx: StepContext, instance: string): Promise<void> {
    try {
      const draft = draftOf(instance)
      const note = await deps.etcd.take(ctx, instance, draft)
      const path = join(relative(deps.paths.data, deps.etcd.folder(instance)), `${name}.db`)
      taken.push({ draft, path, note: `${JSON.stringify(note, null, 2)}\n` })
      ctx.say(`${note.node} sent a snapshot of etcd of ${instance} with ${note.keys} keys`)
    } catch (error) {
      if (ctx.signal.aborted) throw error
      ctx.warn(`What etcd of ${instance} holds is not in this backup: ${asWildError(error).message}`)
    }
  }

  return {
    async take(ctx) {
      await clear()
      for (const instance of await instancesWithEtcd(deps)) await takeOne(ctx, instance)
    },
    async *entries() {
      for (const { draft, path, note } of taken) {
        const file = await fileEntry(draft, path)
        if (file) yield { ...file, mode: 0o600 }
        yield textEntry(`${path}.json`, note)
      }
    },
    clear,
  }
}
