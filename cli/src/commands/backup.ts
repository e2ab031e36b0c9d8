import { type Command, Option } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import { formatBytes, formatTime } from '../output/units.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { showFields, showList, showSection } from '../show.ts'
import { addDeviceBackupCommands } from './backup-device.ts'
import { addBackupFileCommands } from './backup-files.ts'
import { type Backup, type Part, placeOf } from './backup-model.ts'
import { addTarget } from './backup-target.ts'

const columns: Column<Backup>[] = [
  { title: 'backup', value: (row) => row.id },
  { title: 'of', value: (row) => row.app ?? row.kind },
  { title: 'made', value: (row) => formatTime(row.created_at) },
  { title: 'why', value: (row) => row.reason, spare: 1 },
  { title: 'size', value: (row) => (row.whole ? formatBytes(row.bytes) : 'not finished') },
]

const partColumns: Column<Part>[] = [
  { title: 'part', value: (row) => row.name },
  { title: 'of', value: (row) => row.source },
  { title: 'size', value: (row) => formatBytes(row.bytes) },
  { title: 'rows', value: (row) => row.rows },
  { title: 'files', value: (row) => row.files },
]

/** Prints backups as a table. */
export async function showBackups(session: Session, path: string, empty: string): Promise<void> {
  const data = await session.api.get<{ backups: Backup[] }>(path)
  await showList(session, data, { rows: data.backups, columns, empty })
}

/** Adds `wild-cli backup …`. */
export function addBackupCommands(program: Command): void {
  const group = addGroup(program, 'backup', 'Backups: what there is, whether it is whole, where it goes')
  addRun(group)
  addList(group)
  addShow(group)
  addVerify(group)
  addDelete(group)
  addRestore(group)
  addTarget(group)
  addDeviceBackupCommands(group)
  addBackupFileCommands(group)
}

const runParts = ['home', 'apps', 'cluster', 'device']

interface RunOptions {
  only?: string
  homeOnly?: boolean
  appsOnly?: boolean
  clusterOnly?: boolean
  home?: boolean
  apps?: boolean
  cluster?: boolean
}

/** What is to be backed up: `--only`, or as the old wild-backup was told. */
function partsOf(options: RunOptions): string[] {
  const { only, homeOnly, appsOnly, clusterOnly } = options
  if (only !== undefined) {
    const parts = only.split(',').map((part) => part.trim())
    const wrong = parts.find((part) => !runParts.includes(part))
    if (wrong !== undefined) throw usageError(`--only: "${wrong}" is none of ${runParts.join(', ')}.`)
    return [...new Set(parts)]
  }
  if (homeOnly) return ['home']
  if (appsOnly) return ['apps']
  if (clusterOnly) return ['cluster']
  const usual = ['home', 'apps', 'cluster']
  const asked = usual.filter((part) => options[part as 'home'] === true)
  return asked.length > 0 ? asked : usual.filter((part) => options[part as 'home'] !== false)
}

function addRun(group: Command): void {
  const command = withPlan(
    addCommand(group, 'run', 'Back up an instance: its settings and keys, its apps, its cluster; or this device', [
      'backup run',
      'backup run --only home,apps',
      'backup run --only device',
    ]),
  ).option('--only <parts>', `some of ${runParts.join(', ')}, separated by commas (default: home,apps,cluster)`)
  const old = ['--home-only', '--apps-only', '--cluster-only', '--home', '--apps', '--cluster']
  for (const flag of [...old, '--no-home', '--no-apps', '--no-cluster'])
    command.addOption(new Option(flag, 'as wild-backup took it').hideHelp())
  command.action(
    act<[], RunOptions>(async (session, _args, options) => {
      const parts = partsOf(options)
      if (parts.length === 0) throw usageError('Nothing is left to be backed up.')
      const own = parts.filter((part) => part !== 'device')
      if (own.length > 0) {
        const path = route`/instances/${await session.instance()}/backups`
        await startOperation(session, { path, body: { only: parts } }, { success: `Backed up: ${parts.join(', ')}.` })
      } else await startOperation(session, { path: '/backups', body: {} }, { success: 'This device is backed up.' })
    }),
  )
}

function addList(group: Command): void {
  addCommand(group, 'list', 'List backups, newest first', ['backup list', 'backup list --device'])
    .alias('ls')
    .option('--device', 'those of the whole device')
    .action(
      act<[], { device?: boolean }>(async (session, _args, { device }) => {
        const empty = 'There are no backups yet. Make one of an app: wild-cli app backup APP'
        await showBackups(session, await placeOf(session, device), empty)
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show <backup>', 'Show what a backup is made of', [
    'backup show app-home-ghost-20260131t020304z-k3x9',
  ])
    .option('--device', 'one of the whole device')
    .action(
      act<[string], { device?: boolean }>(async (session, [id], { device }) => {
        const { backups } = await session.api.get<{ backups: Backup[] }>(await placeOf(session, device))
        const found = backups.find((one) => one.id === id)
        if (!found) return session.messages.warning(`There is no backup ${id}. See: wild-cli backup list`)
        await showFields(session, found, {
          Backup: found.id,
          Of: [found.kind, found.app, found.app_version].filter(Boolean).join(' '),
          Made: formatTime(found.created_at),
          Whole: found.whole ? 'yes' : 'no: it was never finished and cannot be restored',
          Size: formatBytes(found.bytes),
        })
        showSection(session, 'Parts', partColumns, found.parts)
      }),
    )
}

function addVerify(group: Command): void {
  withPlan(
    addCommand(group, 'verify <backup>', 'Read a backup back, every byte, and compare it with what was stored', [
      'backup verify app-home-ghost-20260131t020304z-k3x9',
    ]),
  )
    .option('--device', 'one of the whole device')
    .action(
      act<[string], { device?: boolean }>(async (session, [id], { device }) => {
        const path = `${await placeOf(session, device)}${route`/${id}/verify`}`
        await startOperation(session, { path }, { success: `${id} is whole.` })
      }),
    )
}

function addDelete(group: Command): void {
  withPlan(
    addCommand(group, 'delete <backup>', 'Remove a backup', ['backup delete app-home-ghost-20260131t020304z-k3x9']),
  )
    .option('--device', 'one of the whole device')
    .option('--force', 'also the last good one')
    .action(
      act<[string], { device?: boolean; force?: boolean }>(async (session, [id], { device, force }) => {
        const path = `${await placeOf(session, device)}${route`/${id}/delete`}`
        await startOperation(session, { path, body: { force: force === true } }, { success: `${id} is removed.` })
      }),
    )
}

function addRestore(group: Command): void {
  withPlan(
    addCommand(
      group,
      'restore <backup>',
      'Make an instance of a backup of its settings, secrets and keys; never over one that is there',
      [
        'backup restore home-home-20260131t020304z-k3x9 --as home-restored',
        'backup restore home-home-20260131t020304z-k3x9 --instance home',
      ],
    ),
  )
    .option('--as <name>', 'what to call the instance (default: as it was, when it was deleted)')
    .action(
      act<[string], { as?: string }>(async (session, [id], { as: name }) => {
        const instance = await session.instance()
        const path = route`/instances/${instance}/backups/${id}/restore`
        await startOperation(
          session,
          { path, body: name === undefined ? {} : { name } },
          { success: `${name ?? instance} is restored.` },
        )
      }),
    )
}
