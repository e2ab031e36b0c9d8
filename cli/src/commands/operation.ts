import { type Command, Option } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import { CliError, Ended, exitCodes } from '../errors.ts'
import { followOperations } from '../operation/follow.ts'
import { outcomeError, seeThrough } from '../operation/outcome.ts'
import { newOperationView, withProgress } from '../operation/state.ts'
import { stepEnd } from '../operation/step-text.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import { errorLines, reportError } from '../report-error.ts'
import { route } from '../rest/route.ts'
import type { Operation, Started } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { showFields, showList, showSection, writeLines } from '../show.ts'

const columns: Column<Operation>[] = [
  { title: 'id', value: (row) => row.operation_id },
  { title: 'type', value: (row) => row.type },
  { title: 'instance', value: (row) => row.instance },
  { title: 'target', value: (row) => row.target },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'started', value: (row) => formatTime(row.started_at) },
]

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
    'operation list --status running -i home',
  ])
    .alias('ls')
    .addOption(new Option('--status <status>', 'only operations in this state').choices(states))
    .action(
      act<[], { status?: string }>(async (session, _args, { status }) => {
        const data = await session.api.get<{ operations: Operation[] }>('/operations', {
          instance: session.namedInstance,
          status,
        })
        const empty = status
          ? `No ${status} operations.`
          : 'No operations yet. The first one could be: wild-cli node discover'
        await showList(session, data, { rows: data.operations, columns, empty })
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show <id>', 'Show an operation with its steps and how it ended', [
    'operation show op_bootstrap_abc123',
  ]).action(
    act<[string]>(async (session, [id]) => {
      const data = await session.api.get<Operation>(route`/operations/${id}`)
      await showFields(session, data, {
        Id: data.operation_id,
        Type: data.type,
        Instance: data.instance,
        Target: data.target,
        Status: data.status,
        Progress: data.progress === undefined ? undefined : `${data.progress}%`,
        Message: data.message,
        Started: formatTime(data.started_at),
        Completed: formatTime(data.completed_at),
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

function showEnd(session: Session, data: Operation): void {
  if (data.error) writeLines(session, ['', ...errorLines(outcomeError({ ...data, status: 'failed' })).slice(0, -1)])
  if (data.status === 'failed' || data.status === 'cancelled') {
    session.messages.info(
      `Log: wild-cli operation logs ${data.operation_id}    Again: wild-cli operation retry ${data.operation_id}`,
    )
  }
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
  addCommand(group, 'retry <id>', 'Run an operation again; what is already done is skipped', [
    'operation retry op_bootstrap_abc123',
  ]).action(
    act<[string]>(async (session, [id]) => {
      const started = await session.api.send<Started>('POST', route`/operations/${id}/retry`)
      await seeThrough(session, started, { success: `${started.operation_id} completed.` })
    }),
  )
}
