import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import type { Column } from '../output/table.ts'
import { route } from '../rest/route.ts'
import type { App, CatalogApp, WorkloadStatus } from '../rest/types.ts'
import { asYaml } from '../session.ts'
import { showFields, showList, writeLines } from '../show.ts'
import { addAppAddCommands } from './app-add.ts'
import { addAppBackupCommands } from './app-backup.ts'
import { addAppDoctor } from './app-doctor.ts'
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
  addAppAddCommands(group)
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

function addStatus(group: Command): void {
  addCommand(group, 'status <app>', 'Show the pods of an app and what it depends on', ['app status ghost']).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/apps/${name}/status`
      await showWorkload(session, await session.api.get<WorkloadStatus>(path))
    }),
  )
}
