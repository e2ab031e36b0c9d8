import type { Command } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import { route } from '../rest/route.ts'
import type { ManifestSetting, Service, WorkloadStatus } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { nestSettings, repeatable } from '../settings.ts'
import { showChange, showFields, showList, showSection } from '../show.ts'
import { askForMissing, type Needs } from './config-prompt.ts'
import { addServiceHealthCommands } from './service-health.ts'
import { addServiceDelete } from './workload-delete.ts'
import { showWorkload } from './workload-status.ts'
import { addServiceFetch, addServiceUpdate } from './workload-update.ts'
import { addWatching } from './workload-watch.ts'

const columns: Column<Service>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  {
    title: 'version',
    value: (row) => (row.new_version ? `${row.version} (${row.new_version} is there)` : row.version),
  },
  { title: 'namespace', value: (row) => row.namespace },
  { title: 'description', value: (row) => row.description, prose: true },
]

const settingColumns: Column<ManifestSetting>[] = [
  { title: 'setting', value: (row) => row.name },
  { title: 'value', value: ({ value, default: otherwise }) => shownValue(value, otherwise) },
  { title: 'what', value: (row) => row.title, prose: true },
]

const secretColumns: Column<NonNullable<Service['secrets']>[number]>[] = [
  { title: 'secret', value: (row) => row.path },
  { title: 'state', value: (row) => (row.is_set ? 'set' : row.optional ? 'not set, optional' : 'not set') },
  { title: 'what', value: (row) => row.description ?? '', prose: true },
]

function shownValue(value: unknown, otherwise: unknown): string {
  if (value !== undefined && value !== null) return `${value}`
  return otherwise === undefined || otherwise === null ? '-' : `${otherwise} (default)`
}

interface InstallOptions {
  fetch?: boolean
  deploy: boolean
}

/** Adds `wild-cli service …`. */
export function addServiceCommands(program: Command): void {
  const group = addGroup(program, 'service', 'Install the services that apps build on')
  addList(group)
  addShow(group)
  addStatus(group)
  addConfigure(group)
  addInstall(group)
  addInstallAll(group)
  addWatching(group, 'service', 'traefik')
  addServiceUpdate(group)
  addServiceFetch(group)
  addServiceDelete(group)
  addServiceHealthCommands(group)
}

function addList(group: Command): void {
  addCommand(group, 'list', 'List the services and their state', ['service list'])
    .alias('ls')
    .action(
      act(async (session) => {
        const data = await session.api.get<{ services: Service[] }>(
          route`/instances/${await session.instance()}/services`,
        )
        const empty = 'The catalog holds no services. Check WILD_DIRECTORY of the daemon.'
        await showList(session, data, { rows: data.services, columns, empty })
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show <service>', 'Show a service', ['service show traefik']).action(
    act<[string]>(async (session, [name]) => {
      const data = await session.api.get<Service>(route`/instances/${await session.instance()}/services/${name}`)
      await showFields(session, data, {
        Name: data.name,
        Description: data.description,
        Status: data.status,
        Reason: data.trouble,
        Version: data.version,
        Namespace: data.namespace,
        Pods: data.pods === undefined ? undefined : `${data.healthy_pods ?? 0} of ${data.pods} healthy`,
        'Depends on': data.dependencies?.join(', '),
        'Needed by': data.dependent_list?.map(({ name: other }) => other).join(', '),
        About: data.about,
      })
      showSection(session, 'Settings', settingColumns, data.settings ?? [])
      showSection(session, 'Secrets', secretColumns, data.secrets ?? [])
    }),
  )
}

function addStatus(group: Command): void {
  addCommand(group, 'status <service>', 'Show the pods of a service', ['service status traefik']).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/services/${name}/status`
      await showWorkload(session, await session.api.get<WorkloadStatus>(path))
    }),
  )
}

function addConfigure(group: Command): void {
  const command = addCommand(
    group,
    'configure <service>',
    'Write settings of a service, checked against its manifest; starts nothing',
    ['service configure nfs --set cloud.nfs.host=192.168.1.20 --set cloud.nfs.mediaPath=/srv/media'],
  )
  command.option('--set <key=value>', 'a setting (repeatable)', repeatable).action(
    act<[string], { set?: string[] }>(async (session, [name], { set }) => {
      const config = await nestSettings(set)
      if (!config) throw usageError('Nothing to set.', `wild-cli service configure ${name} --set KEY=VALUE`)
      const path = route`/instances/${await session.instance()}/services/${name}/settings`
      const answer = await session.api.send('PUT', path, { config })
      await showChange(session, answer, `Saved. In use after: wild-cli service install ${name}`)
    }),
  )
}

function addInstall(group: Command): void {
  const command = addCommand(group, 'install <service>', 'Install a service, or bring it up to date', [
    'service install metallb',
    'service install metallb --plan',
    'service install traefik --no-deploy',
  ])
  withInstallOptions(command).action(
    act<[string], InstallOptions>(async (session, [name], { fetch, deploy }) => {
      const needs = await missingOf(session, ({ name: each }) => each === name)
      await askForMissing(session, { ...needs, service: await declaredOf(session, name) })
      const path = route`/instances/${await session.instance()}/services`
      const success = deploy ? `${name} is installed.` : `${name} is configured.`
      await startOperation(session, { path, body: { name, fetch: fetch === true, deploy } }, { success })
    }),
  )
}

function addInstallAll(group: Command): void {
  const command = addCommand(group, 'install-all', 'Install all services in the order they need', [
    'service install-all',
    'service install-all --no-wait',
  ])
  withInstallOptions(command).action(
    act<[], InstallOptions>(async (session, _args, { fetch, deploy }) => {
      // What is optional is left out with a warning when it lacks something.
      await askForMissing(session, await missingOf(session, ({ core }) => core === true))
      const path = route`/instances/${await session.instance()}/services/install-all`
      const request = { path, body: { fetch: fetch === true, deploy } }
      await startOperation(session, request, {
        success: deploy ? 'All services are installed.' : 'All services are configured.',
        next: deploy ? 'wild-cli app catalog' : 'wild-cli service install-all',
      })
    }),
  )
}

/** What the chosen services and those they need cannot be installed without. Nothing when the daemon does not tell. */
async function missingOf(session: Session, chosen: (service: Service) => boolean): Promise<Needs> {
  if (session.plan) return {}
  const path = route`/instances/${await session.instance()}/services`
  const services = await session.api.get<{ services: Service[] }>(path).then(
    (data) => data.services,
    () => [],
  )
  const needed = new Set(services.filter(chosen))
  // A set that grows is walked to its end.
  for (const { dependencies = [] } of needed)
    for (const service of services) if (dependencies.includes(service.name)) needed.add(service)
  return {
    missing: [...needed].flatMap((service) => service.missing_settings ?? []),
    secrets: [...needed].flatMap((service) => service.missing_secrets ?? []),
  }
}

/** The service with what it asks for, where a person can be asked. */
async function declaredOf(session: Session, name: string): Promise<Service | undefined> {
  if (session.plan || session.yes || !session.interactive) return undefined
  const path = route`/instances/${await session.instance()}/services/${name}`
  return session.api.get<Service>(path).catch(() => undefined)
}

function withInstallOptions(command: Command): Command {
  return withPlan(command)
    .option('--fetch', 'take the templates from the catalog again')
    .option('--no-deploy', 'write the manifests without applying them')
}
