import { type Command, InvalidArgumentError } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import { feedItems } from '../rest/feed.ts'
import type { Session } from '../session.ts'
import { showList } from '../show.ts'
import { addSettings } from './daemon-settings.ts'

interface LogEntry {
  time: string
  level: string
  message: string
  fields: Record<string, unknown>
}

interface AuditEntry {
  time: string
  action: string
  door: string
  instance?: string
  key?: string
  reason?: string
  failed?: string
}

const auditColumns: Column<AuditEntry>[] = [
  { title: 'time', value: (row) => formatTime(row.time) },
  { title: 'action', value: (row) => row.action },
  { title: 'through', value: (row) => row.door, spare: 2 },
  { title: 'instance', value: (row) => row.instance, spare: 1 },
  { title: 'about', value: (row) => row.key },
  { title: 'end', value: (row) => row.failed ?? 'done', status: true },
  { title: 'reason', value: (row) => row.reason, prose: true },
]

const paints = { warn: 'yellow', error: 'red', fatal: 'red' } as const

/** Adds `wild-cli daemon …`: the log, the audit trail and the settings of the daemon. */
export function addDaemonCommands(program: Command): void {
  const group = addGroup(program, 'daemon', 'The daemon itself: its log, who changed what, its settings')
  addLogs(group)
  addAudit(group)
  addSettings(group)
}

function addLogs(group: Command): void {
  addCommand(group, 'logs', 'Print the newest lines of the log of the daemon', [
    'daemon logs',
    'daemon logs --follow --level warn',
    'daemon logs -n 20 -o json',
  ])
    .option('-n, --lines <n>', 'how many lines (at most 2000)', lineCount, 200)
    .option('-l, --level <level>', 'only this level and above: debug, info, warn or error', 'info')
    .option('-f, --follow', 'go on with lines as they are written')
    .action(
      act<[], { lines: number; level: string; follow?: boolean }>(async (session, _args, { lines, level, follow }) => {
        const asked = { lines: `${lines}`, level }
        const data = await session.api.get<{ lines: LogEntry[] }>('/logs', asked)
        if (!follow && session.structured) return session.print(data)
        for (const entry of data.lines) printEntry(session, entry)
        if (data.lines.length === 0 && !follow) session.messages.plain('No lines of this level.')
        if (follow) await followLog(session, level)
      }),
    )
}

async function followLog(session: Session, level: string): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const path = `/logs/follow?level=${encodeURIComponent(level)}`
  for await (const entry of feedItems<LogEntry>(session.api, path, stop.signal)) printEntry(session, entry)
}

function printEntry(session: Session, entry: LogEntry): void {
  if (session.structured) return void session.out.write(`${JSON.stringify(entry)}\n`)
  const paint = paints[entry.level as keyof typeof paints]
  const level = entry.level.toUpperCase().padEnd(5)
  const fields = Object.entries(entry.fields).map(([name, value]) => `${name}=${wordOf(value)}`)
  const words = [formatTime(entry.time), paint ? session.paint(paint, level) : level, entry.message, ...fields]
  session.out.write(`${words.join(' ')}\n`)
}

/** An error says its message; its stack is in the log file. */
function wordOf(value: unknown): string {
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : value
  return typeof message === 'string' ? message : JSON.stringify(message)
}

function addAudit(group: Command): void {
  addCommand(group, 'audit', 'List who changed what, and who saw secrets, newest first', [
    'daemon audit',
    'daemon audit -n 20 --instance home',
  ])
    .option('-n, --lines <n>', 'how many (at most 2000)', lineCount, 50)
    .action(
      act<[], { lines: number }>(async (session, _args, { lines }) => {
        const asked = { lines: `${lines}`, instance: session.namedInstance }
        const data = await session.api.get<{ entries: AuditEntry[] }>('/audit', asked)
        await showList(session, data, {
          rows: data.entries,
          columns: auditColumns,
          empty: 'Nothing was changed yet.',
        })
      }),
    )
}

function lineCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 2000.')
  return Number(text)
}
