import type { Command } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { App, CatalogApp, WorkloadStatus } from '../rest/types.ts'
import { asYaml, type Session } from '../session.ts'
import { collectSetting, nestSettings } from '../settings.ts'
import { showChange, showFields, showList, writeLines } from '../show.ts'
import { addAppBackupCommands } from './app-backup.ts'
import { addAppDoctor } from './app-doctor.ts'
import { askForMissing } from './config-prompt.ts'
import { addAppDelete } from './workload-delete.ts'
import { showWorkload } from './workload-status.ts'
import { addAppUpdate } from './workload-update.ts'
import { addWatching } from './workload-watch.ts'

const catalogColumns: Column<CatalogApp>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'category', value: (row) => row.category },
  { title: 'version', value: (row) => row.version },
  { title: 'needs', value: (row) => row.dependencies },
  { title: 'description', value: (row) => row.description, prose: true },
]

const appColumns: Column<App>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  {
    title: 'version',
    value: (row) => (row.new_version ? `${row.version} (${row.new_version} is there)` : row.version),
  },
  { title: 'address', value: (row) => row.url },
]

/** Adds `wild-cli app …`. */
export function addAppCommands(program: Command): void {
  const group = addGroup(program, 'app', 'Choose apps from the catalog and run them')
  addCatalog(group)
  addList(group)
  addShow(group)
  addAdd(group)
  addDeploy(group)
  addStatus(group)
  addAppDoctor(group)
  addWatching(group, 'app', 'ghost')
  addAppUpdate(group)
  addAppDelete(group)
  addAppBackupCommands(group)
}

function addCatalog(group: Command): void {
  addCommand(group, 'catalog', 'List the apps that can be added', ['app catalog', 'app catalog --category media'])
    .option('--category <category>', 'only this category')
    .action(
      act<[], { category?: string }>(async (session, _args, { category }) => {
        const { apps } = await session.api.get<{ apps: CatalogApp[] }>('/apps')
        const rows = category ? apps.filter((app) => app.category === category) : apps
        const empty = category
          ? `No apps in category ${category}. See all: wild-cli app catalog`
          : 'The catalog holds no apps.'
        await showList(session, { apps: rows }, { rows, columns: catalogColumns, empty })
      }),
    )
}

function addList(group: Command): void {
  addCommand(group, 'list', 'List the apps of the instance', ['app list'])
    .alias('ls')
    .action(
      act(async (session) => {
        const instance = await session.instance()
        const data = await session.api.get<{ apps: App[] }>(route`/instances/${instance}/apps`)
        const empty = `No apps in ${instance} yet. See what there is: wild-cli app catalog`
        await showList(session, data, { rows: data.apps, columns: appColumns, empty })
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show <app>', 'Show an app of the catalog with its settings', ['app show ghost']).action(
    act<[string]>(async (session, [name]) => {
      const data = await session.api.get<CatalogApp>(route`/apps/${name}`)
      await showFields(session, data, {
        Name: data.name,
        Description: data.description,
        Category: data.category,
        Version: data.version,
        'Depends on': data.dependencies?.join(', '),
        Secrets: data.required_secrets?.join(', '),
      })
      if (session.structured || !data.default_config) return
      const settings = (await asYaml(data.default_config)).trimEnd().split('\n')
      writeLines(session, ['', session.paint('bold', 'Settings'), ...settings.map((line) => `  ${line}`)])
    }),
  )
}

function addAdd(group: Command): void {
  addCommand(group, 'add <app>', 'Add an app: write its settings, secrets and manifests', [
    'app add ghost',
    'app add ghost --set domain=blog.example.com --set storage=20Gi',
  ])
    .option('--set <key=value>', 'a setting of the app (repeatable)', collectSetting)
    .option('--force', 'write the manifests again from the catalog')
    .action(
      act<[string], { set?: string[]; force?: boolean }>(async (session, [name], { set, force }) => {
        const instance = await session.instance()
        const config = await nestSettings(set)
        await askForMissing(session)
        const known = !config && !force && (await isAdded(session, instance, name))
        const body = { name, force: force === true, config }
        const answer = await session.api.send<Answer<unknown>>('POST', route`/instances/${instance}/apps`, body)
        await showChange(session, answer, `${name} is added to ${instance}.${known ? ' (already done)' : ''}`)
        session.messages.info(`Next: wild-cli app deploy ${name}`)
      }),
    )
}

function addDeploy(group: Command): void {
  const command = addCommand(group, 'deploy <app>', 'Deploy an app and what it depends on', [
    'app deploy ghost',
    'app deploy ghost --plan',
    'app deploy ghost --dry-run',
  ])
  withPlan(command)
    .option('--force', 'apply again what is already there')
    .option('--dry-run', 'ask the cluster what would change, without changing it')
    .action(
      act<[string], { force?: boolean; dryRun?: boolean }>(async (session, [name], { force, dryRun }) => {
        const path = route`/instances/${await session.instance()}/apps/${name}/deploy`
        const body = { force: force === true, dry_run: dryRun === true }
        const success = dryRun ? `${name} can be deployed.` : `${name} is running.`
        await startOperation(session, { path, body }, { success })
      }),
    )
}

function addStatus(group: Command): void {
  addCommand(group, 'status <app>', 'Show the pods of an app and what it depends on', ['app status ghost']).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/apps/${name}/status`
      await showWorkload(session, await session.api.get<WorkloadStatus>(path))
    }),
  )
}

async function isAdded(session: Session, instance: string, name: string): Promise<boolean> {
  try {
    const { status } = await session.api.get<App>(route`/instances/${instance}/apps/${name}`)
    return status !== 'not_installed'
  } catch (error) {
    if (error instanceof CliError && error.exit === exitCodes.notFound) return false
    throw error
  }
}
