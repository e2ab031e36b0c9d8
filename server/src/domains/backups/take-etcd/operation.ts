import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { invalid, WildError } from '../../../platform/errors.ts'
import { instanceName } from '../../../platform/names.ts'
import { snapshotName } from '../../cluster/index.ts'
import type { BackupsWorld } from '../app/deps.ts'
import { findBackup } from '../keep/verify.ts'
import { type BackupPart, backupId } from '../model.ts'
import { sizeText } from '../parts.ts'
import { readPart } from '../restore/prove.ts'
import { etcdPart } from '../run/cluster.ts'

const input = z.strictObject({
  instance: instanceName,
  backup: backupId,
  /** What to call the snapshot; default: after the backup. */
  name: snapshotName.optional(),
})
export type TakeEtcdInput = z.output<typeof input>

async function sumOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** `backup.take-etcd`: puts what a backup of a cluster holds of etcd among the snapshots, where a restore can take it. */
export function takeEtcd(deps: BackupsWorld): OperationDefinition<TakeEtcdInput> {
  const nameOf = ({ backup, name }: TakeEtcdInput) => name ?? `from-${backup.slice('cluster-'.length)}`

  async function found({ instance, backup }: TakeEtcdInput) {
    await deps.instances.require(instance)
    const vault = await deps.targets.ofInstance(instance)
    const manifest = await findBackup(vault, deps.reads, backup)
    const part = manifest.parts.find(({ name }) => name === etcdPart)
    if (part) return { vault, manifest, part }
    throw invalid('backup', `${backup} holds no snapshot of etcd; backups of a cluster that Wild Central built do.`)
  }

  /** Whether the snapshot is there. Throws CONFLICT for another one of that name. */
  async function isThere(given: TakeEtcdInput, part: BackupPart): Promise<boolean> {
    const there = await deps.etcd.find(given.instance, nameOf(given))
    if (!there) return false
    if ((await sumOfFile(there.file)) === part.sha256) return true
    throw new WildError('CONFLICT', `There is another snapshot ${there.name} already. Give this one another name.`, {
      field: 'name',
      name: there.name,
      hint: `wild-cli backup take-etcd ${given.backup} --as NAME`,
    })
  }

  return {
    type: 'backup.take-etcd',
    title: (given) => `Take the snapshot of etcd out of ${given.backup}`,
    input: input as never,
    complete: async (given) => ({ ...given, name: nameOf(given) }),
    instance: ({ instance }) => instance,
    target: ({ backup }) => backup,
    locks: (given) => [`instances/${given.instance}/etcd-snapshots/${nameOf(given)}`, `backups/${given.backup}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse(given) {
      await isThere(given, (await found(given)).part)
    },
    async steps(given) {
      const { vault, manifest, part } = await found(given)
      const name = nameOf(given)
      return [
        {
          name: 'etcd',
          title: `Putting it among the snapshots of ${given.instance}`,
          timeoutMs: 6 * 3_600_000,
          async done(ctx) {
            const there = await isThere(given, part)
            if (there) ctx.result({ snapshot: name })
            return there && `${name} is there`
          },
          plan: () =>
            Promise.resolve([
              {
                kind: 'file' as const,
                text: `${deps.etcd.folder(given.instance)}/${name}.db would be made of ${given.backup} (${sizeText(part.bytes)})`,
              },
            ]),
          async run(ctx) {
            await deps.etcd.keep(given.instance, {
              name,
              takenAt: Date.parse(manifest.createdAt),
              note: part.snapshot,
              write: (file) =>
                readPart(
                  vault,
                  ctx.run,
                  given.backup,
                  part,
                  (from) => pipeline(from, createWriteStream(file, { flags: 'wx', mode: 0o600 })),
                  (bytes) => ctx.progress(bytes / Math.max(1, part.bytes)),
                ),
            })
            ctx.result({ snapshot: name })
            ctx.say(`To put the cluster back to it: wild-cli cluster etcd-snapshot restore ${name}`)
          },
        },
      ]
    },
  }
}
