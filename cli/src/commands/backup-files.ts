import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { act, addCommand, withPlan } from '../command.ts'
import { CliError, exitCodes, fileReason, usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import { formatBytes } from '../output/units.ts'
import { route } from '../rest/route.ts'
import { saveFile } from '../rest/save-file.ts'
import { tellOnly } from '../rest/telling.ts'
import type { Session } from '../session.ts'
import { showChange } from '../show.ts'
import type { Backup } from './backup-model.ts'

/** Adds `backup download`, `backup extract` and `backup take-etcd`. */
export function addBackupFileCommands(group: Command): void {
  addDownload(group)
  addExtract(group)
  addTakeEtcd(group)
}

function addDownload(group: Command): void {
  addCommand(group, 'download <backup>', 'Save a backup of the device as one encrypted file, of any size', [
    'backup download device-central-20260131t020304z-k3x9 --to device.wild',
  ])
    .requiredOption('--to <file>', 'the file to write (mode 0600)')
    .action(
      act<[string], { to: string }>(async (session, [id], { to }) => {
        tellOnly(session, `Save ${id}`, [to])
        const path = route`/backups/${id}/file`
        const size = await saveFile(session.api, { method: 'GET', path, to, part: `${to}.${id}.part` })
        await showChange(session, { file: to, size }, `Saved ${to} (${formatBytes(size)}).`)
        session.messages.info('To restore a device from it: wildd restore FILE, on an empty data directory.')
      }),
    )
}

function addExtract(group: Command): void {
  addCommand(group, 'extract <backup> [parts...]', 'Save parts of a backup of an instance as files, decrypted', [
    'backup extract cluster-home-20260131t020304z-k3x9 etcd.db --to here',
    'backup extract app-home-ghost-20260131t020304z-k3x9 --to ghost-yesterday',
  ])
    .requiredOption('--to <folder>', 'folder to write them into; they may hold secrets (0600)')
    .action(
      act<[string, string[]], { to: string }>(async (session, [id, asked], { to }) => {
        const instance = await session.instance()
        const names = await partsOf(session, route`/instances/${instance}/backups`, id, asked)
        tellOnly(
          session,
          `Take parts out of ${id}`,
          names.map((name) => join(to, name)),
        )
        await mkdir(to, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
          throw usageError(`${to} cannot be made: ${fileReason(error)}.`)
        })
        const files: { file: string; size: number }[] = []
        for (const name of names) {
          const file = join(to, name)
          const path = route`/instances/${instance}/backups/${id}/parts/${name}`
          const size = await saveFile(session.api, { method: 'POST', path, to: file, part: `${file}.part` })
          files.push({ file, size })
          session.messages.info(`${file} (${formatBytes(size)})`)
        }
        await showChange(session, { files }, `Saved ${files.length} ${files.length === 1 ? 'file' : 'files'} in ${to}.`)
      }),
    )
}

/** The parts asked for, or all there are. */
async function partsOf(session: Session, path: string, id: string, asked: string[]): Promise<string[]> {
  const { backups } = await session.api.get<{ backups: Backup[] }>(path)
  const found = backups.find((one) => one.id === id)
  if (!found)
    throw new CliError(exitCodes.notFound, `There is no backup ${id}.`, { next: ['See: wild-cli backup list'] })
  if (!found.whole) throw usageError(`${id} was never finished, so nothing can be taken out of it.`)
  const names = found.parts.map(({ name }) => name)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) throw usageError(`${id} has no part ${unknown}; it has ${names.join(', ')}.`)
  return asked.length > 0 ? [...new Set(asked)] : names
}

function addTakeEtcd(group: Command): void {
  withPlan(
    addCommand(
      group,
      'take-etcd <backup>',
      'Put the snapshot of etcd of a cluster backup among the snapshots, to restore the cluster from it',
      [
        'backup take-etcd cluster-home-20260131t020304z-k3x9',
        'backup take-etcd cluster-home-20260131t020304z-k3x9 --as before-the-fire',
      ],
    ),
  )
    .option('--as <name>', 'what to call the snapshot (default: after the backup)')
    .action(
      act<[string], { as?: string }>(async (session, [id], { as: name }) => {
        const path = route`/instances/${await session.instance()}/backups/${id}/etcd`
        const success = ({ result }: { result?: Record<string, unknown> | null }) =>
          `To put the cluster back to it: wild-cli cluster etcd-snapshot restore ${result?.snapshot}`
        await startOperation(session, { path, body: name === undefined ? {} : { name } }, { success })
      }),
    )
}
