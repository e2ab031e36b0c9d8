import type { Command } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { Ended, exitCodes } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { showList } from '../show.ts'

interface Check {
  name: string
  status: string
  message?: string
  remedy?: string
}

interface ServiceHealth {
  service: string
  title: string
  status: string
  checks: Check[]
}

interface Row extends Check {
  of: string
}

const columns: Column<Row>[] = [
  { title: 'of', value: (row) => row.of },
  { title: 'check', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'message', value: (row) => row.message, prose: true },
]

const rowsOf = (of: string, checks: Check[]): Row[] => checks.map((check) => ({ of, ...check }))

/** Adds `wild-cli health`. */
export function addHealthCommand(program: Command): void {
  addCommand(program, 'health', 'Check the cluster and its services; exits 5 when something is wrong', [
    'health',
  ]).action(
    act(async (session) => {
      const at = route`/instances/${await session.instance()}`
      const [cluster, { services }] = await Promise.all([
        session.api.get<{ status: string; checks: Check[] }>(`${at}/cluster/health`),
        session.api.get<{ services: ServiceHealth[] }>(`${at}/health`),
      ])
      const rows = [...rowsOf('cluster', cluster.checks), ...services.flatMap((one) => rowsOf(one.service, one.checks))]
      await show(session, { cluster, services }, rows, [cluster.status, ...services.map(({ status }) => status)])
    }),
  )
}

/** Adds what belongs to one service or all: health, the copies of certificates, and the token of the dashboard. */
export function addServiceHealthCommands(group: Command): void {
  addCommand(group, 'health <service>', 'Check one service; exits 5 when something is wrong', [
    'service health traefik',
  ]).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/services/${name}/health`
      const data = await session.api.get<ServiceHealth>(path)
      await show(session, data, rowsOf(data.service, data.checks), [data.status])
    }),
  )
  const copy = addCommand(group, 'copy-certificates', 'Copy the wildcard certificates to where they are used', [
    'service copy-certificates',
  ])
  withPlan(copy).action(
    act(async (session) => {
      const path = route`/instances/${await session.instance()}/services/copy-certificates`
      await startOperation(session, { path, body: {} }, { success: 'The certificates are where they are used.' })
    }),
  )
  addToken(group, 'dashboard-token', 'service dashboard-token')
}

/** Adds `wild-cli dashboard token`. */
export function addDashboardCommands(program: Command): void {
  const group = addGroup(program, 'dashboard', 'Log in to the page that shows the cluster')
  addToken(group, 'token', 'dashboard token')
}

/** The token alone goes to stdout, so that it can be piped on. */
function addToken(group: Command, name: string, example: string): void {
  addCommand(group, name, 'Make a token to log in to the dashboard with', [example]).action(
    act(async (session) => {
      const path = route`/instances/${await session.instance()}/services/headlamp/token`
      const { data } = await session.api.send<Answer<{ token: string; expires_at: string }>>('POST', path, {})
      if (session.structured) return session.print(data)
      session.out.write(`${data.token}\n`)
      session.messages.info(`Good until ${data.expires_at}. It may do everything in the cluster: keep it to yourself.`)
    }),
  )
}

async function show(session: Session, data: unknown, rows: Row[], verdicts: string[]): Promise<void> {
  await showList(session, data, { rows, columns, empty: 'Nothing is installed yet.' })
  for (const { of, name, remedy } of rows) if (remedy) session.messages.info(`${of}, ${name}: ${remedy}`)
  const wrong = verdicts.some((status) => status === 'unhealthy' || status === 'unknown')
  if (wrong) throw new Ended(exitCodes.failed)
  if (verdicts.every((status) => status === 'healthy')) session.messages.success('All is well.')
  else session.messages.warning('It works, but see above.')
}
