import type { Command } from 'commander'
import { act, addCommand } from '../command.ts'
import { Ended, exitCodes } from '../errors.ts'
import type { Column } from '../output/table.ts'
import { formatAge, formatTime } from '../output/units.ts'
import { route } from '../rest/route.ts'
import { showList, showSection } from '../show.ts'

interface Check {
  name: string
  status: string
  message?: string
  /** What to do about it. */
  remedy?: string
  since?: string | null
}

interface Certificate {
  name: string
  kind: string
  expires_at?: string | null
  problem?: string | null
}

interface HealthEvent {
  name: string
  status: string
  message: string
  at: string
}

const checkColumns: Column<Check>[] = [
  { title: 'check', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'for', value: (row) => formatAge(row.since) },
  { title: 'message', value: (row) => row.message, prose: true },
]

const certificateColumns: Column<Certificate>[] = [
  { title: 'certificate', value: (row) => row.name },
  { title: 'kind', value: (row) => row.kind },
  { title: 'ends', value: (row) => formatTime(row.expires_at)?.slice(0, 10) },
  { title: 'problem', value: (row) => row.problem, prose: true },
]

const eventColumns: Column<HealthEvent>[] = [
  { title: 'when', value: (row) => formatTime(row.at) },
  { title: 'check', value: (row) => row.name },
  { title: 'became', value: (row) => row.status, status: true },
  { title: 'message', value: (row) => row.message, prose: true },
]

/** Adds `wild-cli cluster health`. */
export function addClusterHealth(group: Command): void {
  addCommand(group, 'health', 'Check the cluster; exits 5 when it is unhealthy or cannot be judged', [
    'cluster health',
    'cluster health --certificates',
    'cluster health --history',
  ])
    .option('--certificates', 'show when certificates end, too')
    .option('--history', 'show what changed since, instead of looking now')
    .action(
      act<[], { certificates?: boolean; history?: boolean }>(async (session, _args, { certificates, history }) => {
        const path = route`/instances/${await session.instance()}/cluster/health`
        if (history) {
          const data = await session.api.get<{ events: HealthEvent[] }>(`${path}/events`)
          const empty = 'Nothing changed since the cluster is looked at.'
          return showList(session, data, { rows: data.events, columns: eventColumns, empty })
        }
        const data = await session.api.get<{ status: string; checks: Check[]; certificates: Certificate[] }>(path)
        await showList(session, data, {
          rows: data.checks,
          columns: checkColumns,
          empty: `Cluster health: ${data.status}`,
        })
        if (certificates) showSection(session, 'Certificates', certificateColumns, data.certificates)
        for (const { name, remedy } of data.checks) if (remedy) session.messages.info(`${name}: ${remedy}`)
        if (data.status === 'healthy') session.messages.success('The cluster is healthy.')
        else session.messages.warning(`Cluster health: ${data.status}`)
        if (data.status === 'unhealthy' || data.status === 'unknown') throw new Ended(exitCodes.failed)
      }),
    )
}
