import type { Command } from 'commander'
import { confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup } from '../command.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Instance } from '../rest/types.ts'
import { nestSettings, repeatable } from '../settings.ts'
import { showChange, showFields, showList } from '../show.ts'
import { addArchiveCommands } from './instance-archive.ts'
import { addImportHome } from './instance-import.ts'
import { addTrashCommands } from './instance-trash.ts'

export const instanceColumns: Column<Instance>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'nodes', value: (row) => row.node_count },
  { title: 'created', value: (row) => formatTime(row.created_at) },
  { title: 'description', value: (row) => row.description, prose: true },
]

interface CreateOptions {
  description?: string
  set?: string[]
}

/** Adds `wild-cli instance …`. */
export function addInstanceCommands(program: Command): void {
  const group = addGroup(program, 'instance', 'Create, list, show and delete instances')
  addCreate(group)
  addList(group)
  addShow(group)
  addPhases(group)
  addImportHome(group)
  addDelete(group)
  addArchiveCommands(group)
  addTrashCommands(group)
}

function addCreate(group: Command): void {
  addCommand(group, 'create <name>', 'Create an instance with defaults for your network', [
    'instance create home',
    'instance create prod --description "Production cluster" --set cloud.domain=cloud.example.com',
  ])
    .option('--description <text>', 'what the instance is for')
    .option('--set <key=value>', 'a config value to begin with (repeatable)', repeatable)
    .action(
      act<[string], CreateOptions>(async (session, [name], { description, set }) => {
        const config = await nestSettings(set)
        const answer = await session.api.send<Answer<Instance>>('POST', '/instances', { name, description, config })
        await showChange(session, answer.data, `Instance ${name} created.`)
        const { current } = await session.api.get<{ current: string | null }>('/context')
        if (current !== name) session.messages.info(`To work on it: wild-cli context use ${name}`)
        const { missing } = await session.api.get<Instance>(route`/instances/${name}`).catch(() => ({ missing: [] }))
        if (missing?.length)
          session.messages.info(`Still to set, with wild-cli config set KEY VALUE: ${missing.join(', ')}`)
        session.messages.info('Next: wild-cli node discover')
      }),
    )
}

function addList(group: Command): void {
  addCommand(group, 'list', 'List the instances', ['instance list', 'instance list -o json'])
    .alias('ls')
    .action(
      act(async (session) => {
        const data = await session.api.get<{ instances: Instance[] }>('/instances')
        const empty = 'No instances yet. Create one: wild-cli instance create home'
        await showList(session, data, { rows: data.instances, columns: instanceColumns, empty })
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show [instance]', 'Show an instance (the current one without a name)', [
    'instance show',
    'instance show home -o yaml',
  ]).action(
    act<[string | undefined]>(async (session, [name]) => {
      const data = await session.api.get<Instance>(route`/instances/${name ?? (await session.instance())}`)
      await showFields(session, data, {
        Name: data.name,
        Description: data.description,
        Status: data.status,
        Nodes: data.node_count,
        Services: data.service_count,
        Apps: data.app_count,
        'Still to set': data.missing?.join(', '),
        Created: formatTime(data.created_at),
        Config: data.config_path,
      })
    }),
  )
}

interface PhaseRow {
  phase: string
  check: string
  state: string
  message: string
  remedy?: string
}

interface Phase {
  name: string
  complete: boolean
  checks: { name: string; ok: boolean; message: string; remedy?: string }[]
}

const phaseColumns: Column<PhaseRow>[] = [
  { title: 'phase', value: (row) => row.phase },
  { title: 'check', value: (row) => row.check },
  { title: 'state', value: (row) => row.state, status: true },
  { title: 'found', value: (row) => row.message, prose: true },
]

function addPhases(group: Command): void {
  addCommand(group, 'phases [instance]', 'Show how far an instance is, and what is missing for each phase', [
    'instance phases',
    'instance phases home -o json',
  ]).action(
    act<[string | undefined]>(async (session, [name]) => {
      const path = route`/instances/${name ?? (await session.instance())}/phases`
      const data = await session.api.get<{ phases: Phase[] }>(path)
      const rows = data.phases.flatMap(({ name: phase, checks }) =>
        checks.length
          ? checks.map(({ name: check, ok, ...rest }) => ({ phase, check, state: ok ? 'ok' : 'missing', ...rest }))
          : [{ phase, check: '-', state: '-', message: 'Nothing was added yet.', remedy: 'wild-cli app catalog' }],
      )
      await showList(session, data, { rows, columns: phaseColumns, empty: '' })
      const next = rows.find(({ state, remedy }) => state !== 'ok' && remedy)
      if (next) session.messages.info(`Next: ${next.remedy}`)
    }),
  )
}

function addDelete(group: Command): void {
  addCommand(group, 'delete <instance>', 'Delete an instance: its config and secrets move to the trash', [
    'instance delete old-home',
    'instance delete old-home --yes',
  ])
    .option('--force', 'also while its cluster is alive')
    .action(
      act<[string], { force?: boolean }>(async (session, [name], { force }) => {
        await session.api.get(route`/instances/${name}`)
        await confirmLoss(session, `Delete instance ${name} with its config, secrets and access to its cluster?`)
        const answer = await session.api.send(
          'DELETE',
          route`/instances/${name}`,
          undefined,
          force ? { force: 'true' } : {},
        )
        await showChange(session, answer, `Instance ${name} deleted.`)
        session.messages.info(`To have it back: wild-cli instance trash restore ${name}`)
      }),
    )
}
