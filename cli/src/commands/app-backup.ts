import { type Command, Option } from 'commander'
import { act, addCommand, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import { route } from '../rest/route.ts'
import { showBackups } from './backup.ts'

interface RestoreOptions {
  backup?: string
  dbOnly?: boolean
  volumesOnly?: boolean
  pvcOnly?: boolean
  otherVersion?: boolean
  beside?: string
}

/** Adds `app backup`, `app backups` and `app restore`. */
export function addAppBackupCommands(group: Command): void {
  withPlan(
    addCommand(group, 'backup <app>', 'Back up the data of an app with its settings, secrets and files', [
      'app backup ghost',
      'app backup ghost --plan',
    ]),
  ).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/apps/${name}/backups`
      await startOperation(session, { path }, { success: `${name} is backed up.` })
    }),
  )
  addCommand(group, 'backups <app>', 'List the backups of an app, newest first', ['app backups ghost']).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/apps/${name}/backups`
      await showBackups(session, path, `There is no backup of ${name} yet. Make one: wild-cli app backup ${name}`)
    }),
  )
  addRestore(group)
}

function addRestore(group: Command): void {
  const command = addCommand(
    group,
    'restore <app> [backup]',
    'Restore an app from a backup (the newest, unless named); the present data is kept until the restored one runs',
    [
      'app restore ghost',
      'app restore ghost app-home-ghost-20260131t020304z-k3x9 --plan',
      'app restore ghost --db-only',
      'app restore ghost --beside ghost-yesterday',
    ],
  )
  withPlan(command)
    .option('--db-only', 'only its databases')
    .option('--volumes-only', 'only its volumes')
    .addOption(new Option('--pvc-only', 'the same as --volumes-only').hideHelp())
    .option('--other-version', 'also from a backup made with another version of the app')
    .option('--beside <namespace>', 'only the data, into a namespace of this name; the app is not touched')
    .action(
      act<[string, string | undefined], RestoreOptions>(async (session, [name, backup], options) => {
        const volumes = options.volumesOnly || options.pvcOnly
        if (options.dbOnly && volumes)
          throw usageError('--db-only and --volumes-only: give one of them, or none for both.')
        const body = {
          backup,
          only: options.dbOnly ? 'database' : volumes ? 'volumes' : undefined,
          other_version: options.otherVersion === true,
          beside: options.beside,
        }
        const path = route`/instances/${await session.instance()}/apps/${name}/restore`
        const success = options.beside ? `The data of ${name} is in ${options.beside}.` : `${name} is restored.`
        await startOperation(session, { path, body }, { success })
      }),
    )
}
