import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import { usageError } from '../errors.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { showChange, showFields, showList } from '../show.ts'
import { addTalosAssetCommands } from './talos-assets.ts'

interface State {
  settings: { enabled: boolean; unknown: string; instance?: string }
  url?: string
  interface: string
  loaders: string[]
  problem?: string
  warnings: string[]
}

interface Machine {
  mac: string
  instance: string
  reason: string
}

interface Boot {
  mac: string
  ip: string
  architecture: string
  instance?: string
  stage: string
  updated_at: string
}

/** Adds `wild-cli pxe …`: machines that boot from the network. */
export function addPxeCommands(program: Command): void {
  const group = addGroup(program, 'pxe', 'Machines that boot from the network')
  addStatus(group)
  addEnable(group)
  addDisable(group)
  addMachines(group)
  addAssign(group)
  addUnassign(group)
  addBoots(group)
  addScript(group)
  addTalosAssetCommands(group)
}

async function showState(session: Session, state: State): Promise<void> {
  const { settings } = state
  await showFields(session, state, {
    Enabled: settings.enabled,
    Address: state.url,
    Problem: state.problem,
    Interface: state.interface,
    'Unknown machines': settings.unknown === 'instance' ? `boot ${settings.instance}` : settings.unknown,
    'Loaders by TFTP': settings.enabled ? state.loaders.join(', ') || 'none' : undefined,
  })
  if (session.structured) return
  for (const warning of state.warnings) session.messages.warning(warning)
  if (!settings.enabled) session.messages.info('Switch it on: wild-cli pxe enable')
}

function addStatus(group: Command): void {
  addCommand(group, 'status', 'Show whether machines can boot from here, and what is missing', ['pxe status']).action(
    act(async (session) => showState(session, await session.api.get<State>('/pxe/status'))),
  )
}

function addEnable(group: Command): void {
  addCommand(group, 'enable', 'Let machines boot from here', [
    'pxe enable',
    'pxe enable --unknown nothing',
    'pxe enable --unknown instance --default home',
  ])
    .option(
      '--unknown <menu|nothing|instance>',
      'what a machine gets that is neither assigned nor a node: a menu on its screen, nothing, or the default',
    )
    .option('--default <name>', 'the instance such machines boot')
    .action(
      act<[], { unknown?: string; default?: string }>(async (session, _args, options) => {
        const instance = options.default
        const unknown = options.unknown ?? (instance ? 'instance' : undefined)
        const body = { enabled: true, ...(unknown ? { unknown } : {}), ...(instance ? { instance } : {}) }
        const answer = await session.api.send<Answer<State>>('PUT', '/pxe/config', body)
        if (!session.structured) session.messages.success('Machines can boot from here.')
        await showState(session, answer.data)
      }),
    )
}

function addDisable(group: Command): void {
  addCommand(group, 'disable', 'No machine boots from here any more', ['pxe disable']).action(
    act(async (session) => {
      const answer = await session.api.send('PUT', '/pxe/config', { enabled: false })
      await showChange(session, answer, 'No machine boots from here any more.')
    }),
  )
}

const machineColumns: Column<Machine>[] = [
  { title: 'mac', value: (row) => row.mac },
  { title: 'instance', value: (row) => row.instance },
  { title: 'because', value: (row) => row.reason },
]

function addMachines(group: Command): void {
  addCommand(group, 'machines', 'List the machines that boot a certain instance', ['pxe machines']).action(
    act(async (session) => {
      const data = await session.api.get<{ machines: Machine[] }>('/pxe/machines')
      const empty = 'None. Say what a machine boots: wild-cli pxe assign MAC INSTANCE'
      await showList(session, data, { rows: data.machines, columns: machineColumns, empty })
    }),
  )
}

function addAssign(group: Command): void {
  addCommand(group, 'assign <mac> <instance>', 'Say what a machine boots from now on', [
    'pxe assign 00:11:22:33:44:55 home',
  ]).action(
    act<[string, string]>(async (session, [mac, instance]) => {
      const answer = await session.api.send('PUT', route`/pxe/machines/${mac}`, { instance })
      await showChange(session, answer, `${mac} boots ${instance} from now on.`)
    }),
  )
}

function addUnassign(group: Command): void {
  addCommand(group, 'unassign <mac>', 'Forget what a machine was assigned', ['pxe unassign 00:11:22:33:44:55']).action(
    act<[string]>(async (session, [mac]) => {
      const answer = await session.api.send('DELETE', route`/pxe/machines/${mac}`)
      await showChange(session, answer, `${mac} is no longer assigned.`)
    }),
  )
}

const bootColumns: Column<Boot>[] = [
  { title: 'mac', value: (row) => row.mac },
  { title: 'address', value: (row) => row.ip },
  { title: 'machine', value: (row) => row.architecture },
  { title: 'instance', value: (row) => row.instance },
  { title: 'stage', value: (row) => row.stage, status: true },
  { title: 'at', value: (row) => formatTime(row.updated_at) },
]

function addBoots(group: Command): void {
  addCommand(group, 'boots', 'List the machines that booted from here, newest first', ['pxe boots']).action(
    act(async (session) => {
      const data = await session.api.get<{ boots: Boot[] }>('/pxe/boots')
      const empty = 'No machine booted from here yet. See what is missing: wild-cli pxe status'
      await showList(session, data, { rows: data.boots, columns: bootColumns, empty })
    }),
  )
}

function addScript(group: Command): void {
  addCommand(group, 'script [mac]', 'Print the script a machine would get now', ['pxe script 00:11:22:33:44:55'])
    .option('--architecture <amd64|arm64>', 'its processor (default: amd64)')
    .action(
      act<[string | undefined], { architecture?: string }>(async (session, [mac], { architecture }) => {
        if (architecture && !['amd64', 'arm64'].includes(architecture))
          throw usageError(`--architecture: "${architecture}" is neither amd64 nor arm64.`)
        const text = await session.api.text('/pxe/script', { mac, architecture })
        if (session.structured) return session.print({ script: text })
        session.out.write(text)
      }),
    )
}
