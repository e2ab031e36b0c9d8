import type { Command } from 'commander'
import { act, addCommand } from '../command.ts'
import type { Column } from '../output/table.ts'
import { formatBytes } from '../output/units.ts'
import type { Instance, Operation } from '../rest/types.ts'
import { showFields, showSection } from '../show.ts'
import { instanceColumns } from './instance.ts'

interface SystemStatus {
  daemon?: string
  version?: string
  uptime?: string
  instances?: number
  dnsmasq?: string
  mirror?: string
  device?: Device
  tools?: { name: string; required?: boolean; problem?: string }[]
}

interface Device {
  name: string
  disk_total: number
  disk_free: number
  memory_total: number
  memory_free: number
  bytes_written?: number
  problems: string[]
}

const runningColumns: Column<Operation>[] = [
  { title: 'id', value: (row) => row.operation_id },
  { title: 'type', value: (row) => row.type },
  { title: 'instance', value: (row) => row.instance },
  { title: 'status', value: (row) => row.status, status: true },
]

/** Adds `wild-cli status`: the daemon, its instances and what it is doing. */
export function addStatusCommand(program: Command): void {
  addCommand(program, 'status', 'Show the daemon, its instances and what is running', [
    'status',
    'status -o json',
  ]).action(
    act(async (session) => {
      const [system, { instances }, { operations }] = await Promise.all([
        session.api.get<SystemStatus>('/status'),
        session.api.get<{ instances: Instance[] }>('/instances'),
        session.api.get<{ operations: Operation[] }>('/operations', { status: 'running' }),
      ])
      await showFields(
        session,
        { ...system, instance_list: instances, running_operations: operations },
        {
          Daemon: system.daemon,
          Address: session.api.url,
          Version: system.version,
          Uptime: system.uptime,
          dnsmasq: system.dnsmasq,
          ...(system.device ? deviceFields(system.device) : {}),
          Downloads: system.mirror && `mirror in use: ${system.mirror}`,
        },
      )
      showSection(session, 'Instances', instanceColumns, instances)
      showSection(session, 'Running operations', runningColumns, operations)
      for (const { problem, required } of system.tools ?? []) {
        if (!problem || session.structured) continue
        // What only some features use is no reason to worry anybody.
        if (required === false) session.messages.info(`Optional: ${problem}`)
        else session.messages.warning(problem)
      }
      for (const problem of (!session.structured && system.device?.problems) || []) session.messages.warning(problem)
      if (instances.length === 0) session.messages.info('No instances yet. Create one: wild-cli instance create home')
    }),
  )
}

function deviceFields(device: Device): Record<string, unknown> {
  return {
    Device: device.name,
    Disk: `${formatBytes(device.disk_free)} of ${formatBytes(device.disk_total)} free`,
    Memory: `${formatBytes(device.memory_free)} of ${formatBytes(device.memory_total)} free`,
    Written: device.bytes_written === undefined ? undefined : `${formatBytes(device.bytes_written)} since its start`,
  }
}
