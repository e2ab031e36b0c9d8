import { type Command, InvalidArgumentError, Option } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { CliError, Ended, exitCodes, usageError } from '../errors.ts'
import { followOperations } from '../operation/follow.ts'
import { outcomeError } from '../operation/outcome.ts'
import { startOperation } from '../operation/start.ts'
import { newOperationView, withProgress } from '../operation/state.ts'
import { stepEnd } from '../operation/step-text.ts'
import type { Column } from '../output/table.ts'
import { formatSeconds, formatTime } from '../output/units.ts'
import { reportError } from '../report-error.ts'
import { route } from '../rest/route.ts'
import type { Operation, Started } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { showFields, showList, showSection, writeLines } from '../show.ts'

const columns: Column<Operation>[] = [
  { title: 'id', value: (row) => row.operation_id },
  { title: 'type', value: (row) => row.type, spare: 3 },
  { title: 'instance', value: (row) => row.instance, spare: 2 },
  { title: 'target', value: (row) => row.target },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'started', value: (row) => formatTime(row.started_at) },
  { title: 'took', value: took, spare: 1 },
]

/** What the daemon answers when no number is asked for. */
const usualLimit = 100

/** How long it took, or how long it has been running. */
function took({ started_at: from, completed_at: to }: Operation): string | undefined {
  if (!from) return undefined
  const seconds = Math.max(0, ((to ? Date.parse(to) : Date.now()) - Date.parse(from)) / 1000)
  return to ? formatSeconds(seconds) : `${formatSeconds(seconds)} so far`
}

function pageLength(text: string): number {
  const number = Number(text)
  if (!/^\d{1,3}$/.test(text) || number < 1 || number > 500) throw new InvalidArgumentError('It must be 1 to 500.')
  return number
}

/** Adds `wild-cli operation …`. */
export function addOperationCommands(program: Command): void {
  const group = addGroup(program, 'operation', 'Follow, cancel and repeat long operations').alias('op')
  addList(group)
  addShow(group)
  addLogs(group)
  addScript(group)
  addCancel(group)
  addRetry(group)
}

function addList(group: Command): void {
  const states = ['pending', 'running', 'completed', 'failed', 'cancelled']
  addCommand(group, 'list', 'List operations, of every instance unless one is named', [
    'operation list',
    'operation list --status failed --type cluster.bootstrap',
    'operation list --status running -i home',
  ])
    .alias('ls')
    .addOption(new Option('--status <status>', 'only operations in this state').choices(states))
    .option('--type <type>', 'only operations of this type, such as cluster.bootstrap')
    .option('--limit <number>', `at most this many, 1–500 (default ${usualLimit})`, pageLength)
    .option('--before <id>', 'only operations older than this one')
    .action(act<[], ListOptions>(listOperations))
}

interface ListOptions {
  status?: string
  type?: string
  limit?: number
  before?: string
}

async function listOperations(session: Session, _args: [], options: ListOptions): Promise<void> {
  const { status, type, before, limit } = options
  const query = { instance: session.namedInstance, status, type, before, limit: limit?.toString() }
  const data = await session.api.get<{ operations: Operation[] }>('/operations', query)
  // A type that is mistyped finds nothing either.
  if (type && data.operations.length === 0) {
    const { types } = await session.api.get<{ types: string[] }>('/operations/types')
    if (!types.includes(type)) throw usageError(`There is no operation type "${type}".`, `Known: ${types.join(', ')}`)
  }
  const empty =
    status || type || before
      ? `No ${before ? 'older ' : ''}${status ? `${status} ` : ''}operations${type ? ` of type ${type}` : ''}.`
      : 'No operations yet. The first one could be: wild-cli node discover'
  await showList(session, data, { rows: data.operations, columns, empty })
  // A full page may have more behind it.
  if (data.operations.length < (limit ?? usualLimit) || session.structured) return
  const same = [
    session.namedInstance && `-i ${session.namedInstance}`,
    status && `--status ${status}`,
    type && `--type ${type}`,
    limit && `--limit ${limit}`,
  ].filter(Boolean)
  const last = data.operations.at(-1)!.operation_id
  session.messages.info(`Older: ${['wild-cli operation list', ...same, `--before ${last}`].join(' ')}`)
}

function addShow(group: Command): void {
  addCommand(group, 'show <id>', 'Show an operation: its steps, what happened, and what to do next', [
    'operation show op_bootstrap_abc123',
  ]).action(
    act<[string]>(async (session, [id]) => {
      const data = await session.api.get<Operation>(route`/operations/${id}`)
      await showFields(session, data, {
        Id: data.operation_id,
        Title: data.title,
        Type: data.type,
        Instance: data.instance,
        Target: data.target,
        Status: data.status,
        Progress: data.progress === undefined ? undefined : `${data.progress}%`,
        Message: data.message,
        Started: formatTime(data.started_at),
        Completed: formatTime(data.completed_at),
        Took: took(data),
        Usually: data.usual_ms ? formatSeconds(data.usual_ms / 1000) : undefined,
      })
      const { steps } = withProgress(newOperationView(id), { steps: data.steps ?? [] }, Date.now())
      showSection(
        session,
        'Steps',
        [
          { title: 'step', value: (row) => `${row.position}  ${row.title}` },
          { title: 'state', value: (row) => stepEnd(row) },
        ],
        steps,
      )
      if (!session.structured) showEnd(session, data)
    }),
  )
}

/** What happened, what state things are in, what to do next. */
function showEnd(session: Session, { account, status, error, warnings = [], operation_id: id }: Operation): void {
  if (!account) return
  const { happened, command, output, state, next } = account
  const paragraph = (title: string, lines: string[]) =>
    lines.length ? ['', session.paint('bold', title), ...lines] : []
  writeLines(session, [
    ...paragraph('What happened', [
      happened,
      ...(error?.message ? [status === 'cancelled' ? error.message : `ERROR: ${error.message}`] : []),
      ...(command ? [`  Command: ${command}`] : []),
      ...output.map((line) => `  | ${line}`),
      ...warnings.map((text) => `WARNING: ${text}`),
    ]),
    ...paragraph('State', state),
    ...paragraph('Next', [...next, `The whole log: wild-cli operation logs ${id}`]),
  ])
}

function addLogs(group: Command): void {
  addCommand(group, 'logs <id...>', 'Print the log of operations, and follow those that still run', [
    'operation logs op_bootstrap_abc123',
    'operation logs op_bootstrap_abc123 --no-wait',
  ]).action(
    act<[string[]]>(async (session, [ids]) => {
      if (!session.wait) return printLogs(session, ids)
      const targets = ids.map((id) => ({ id, label: ids.length > 1 ? id : undefined }))
      const records = (await followOperations(session, targets, true)).map(({ record }) => record)
      if (session.structured) await session.print(records.length === 1 ? records[0] : { operations: records })
      const failed = records.filter(({ status }) => status !== 'completed')
      for (const record of failed) reportError(outcomeError(record), (text) => session.err.write(text))
      if (failed.length > 0) throw new Ended(exitCodes.failed)
      if (!session.structured) session.messages.success(`${ids.join(', ')} completed.`)
    }),
  )
}

async function printLogs(session: Session, ids: string[]): Promise<void> {
  const records = await Promise.all(ids.map((id) => session.api.get<Operation>(route`/operations/${id}`)))
  if (session.structured) return session.print({ logs: records.flatMap(({ logs }) => logs ?? []) })
  for (const { logs, operation_id } of records) {
    if (logs?.length) writeLines(session, logs)
    else session.messages.plain(`${operation_id} has no log lines yet.`)
  }
}

function addScript(group: Command): void {
  addCommand(group, 'script <id>', 'Print the commands an operation ran, as a shell script; secrets are variables', [
    'operation script op_bootstrap_abc123',
    'operation script op_bootstrap_abc123 > bootstrap.sh',
  ]).action(
    act<[string]>(async (session, [id]) => {
      const script = await session.api.text(route`/operations/${id}/script`)
      if (session.structured) return session.print({ script })
      writeLines(session, [script.trimEnd()])
    }),
  )
}

function addCancel(group: Command): void {
  addCommand(group, 'cancel <id>', 'Stop an operation and undo the step it is in', [
    'operation cancel op_bootstrap_abc123',
  ]).action(
    act<[string]>(async (session, [id]) => {
      const started = await session.api.send<Started>('POST', route`/operations/${id}/cancel`)
      if (!session.wait) {
        if (session.structured) return session.print(started)
        return session.messages.info(`Cancelling ${id}. See how it ends: wild-cli operation show ${id}`)
      }
      const [followed] = await followOperations(session, [{ id }])
      const { record } = followed!
      if (session.structured) await session.print(record)
      if (record.status !== 'cancelled') throw notCancelled(record)
      session.messages.success(`${id} is cancelled.`)
    }),
  )
}

function notCancelled({ operation_id: id, status }: Operation): CliError {
  return new CliError(exitCodes.conflict, `${id} ended before it could be cancelled: ${status}.`)
}

function addRetry(group: Command): void {
  const command = addCommand(group, 'retry <id>', 'Run an operation again; what is already done is skipped', [
    'operation retry op_bootstrap_abc123',
    'operation retry op_bootstrap_abc123 --plan',
  ])
  withPlan(command).action(
    act<[string]>(async (session, [id]) => {
      const request = { path: route`/operations/${id}/retry` }
      await startOperation(session, request, (started) => ({ success: `${started.operation_id} completed.` }))
    }),
  )
}
