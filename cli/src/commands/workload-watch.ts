import type { Command } from 'commander'
import { act, addCommand, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import { feedItems } from '../rest/feed.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { repeatable } from '../settings.ts'
import { showFields, showList, showSection, writeLines } from '../show.ts'

interface PodLine {
  pod: string
  container: string
  at?: string | null
  text: string
}

interface WorkloadEvent {
  at: string
  warning: boolean
  reason: string
  message: string
  plain?: string | null
  object: string
  count: number
}

interface Drift {
  object: string
  missing: boolean
  diff?: string | null
  adoptable: boolean
}

interface Details {
  namespace: string
  urls: string[]
  addresses: string[]
  last_error?: string | null
  pods: { name: string; status?: string; ready?: boolean; restarts?: number }[]
  volumes: {
    name: string
    size?: string | null
    phase: string
    used_bytes?: number | null
    capacity_bytes?: number | null
  }[]
  certificates: { host: string; state: string; valid_to?: string | null; issuer?: string | null }[]
}

type Kind = 'app' | 'service'
const articleOf: Record<Kind, string> = { app: 'an', service: 'a' }

const pathTo = async (session: Session, kind: Kind, name: string, rest: string) => {
  const instance = await session.instance()
  const base =
    kind === 'app' ? route`/instances/${instance}/apps/${name}` : route`/instances/${instance}/services/${name}`
  return `${base}/${rest}`
}

/** Adds `logs`, `events`, `details` and `drift` of services or apps. */
export function addWatching(group: Command, kind: Kind, example: string): void {
  addLogs(group, kind, example)
  addEvents(group, kind, example)
  addDetails(group, kind, example)
  addDrift(group, kind, example)
}

function addLogs(group: Command, kind: Kind, example: string): void {
  addCommand(group, `logs <${kind}>`, `Show what the pods of ${articleOf[kind]} ${kind} print`, [
    `${kind} logs ${example}`,
    `${kind} logs ${example} -f --tail 20`,
  ])
    .option('-f, --follow', 'go on showing lines as they are printed, until Ctrl-C')
    .option('--tail <lines>', 'how many lines of each pod', '100')
    .action(
      act<[string], { follow?: boolean; tail: string }>(async (session, [name], { follow, tail }) => {
        if (!follow) {
          const data = await session.api.get<{ lines: PodLine[] }>(await pathTo(session, kind, name, 'logs'), { tail })
          if (session.structured) return session.print(data)
          if (data.lines.length === 0) return session.messages.plain(`${name} has printed nothing yet.`)
          return writeLines(
            session,
            data.lines.map((line) => lineText(session, line)),
          )
        }
        const path = `${await pathTo(session, kind, name, 'logs/follow')}?tail=${encodeURIComponent(tail)}`
        for await (const line of feedItems<PodLine>(session.api, path, new AbortController().signal))
          writeLines(session, [session.structured ? JSON.stringify(line) : lineText(session, line)])
      }),
    )
}

function lineText(session: Session, { pod, container, at, text }: PodLine): string {
  const time = at ? `${at.slice(11, 19)} ` : ''
  return `${session.paint('dim', `${time}${pod}/${container}`)} ${text}`
}

const eventColumns: Column<WorkloadEvent>[] = [
  { title: 'last seen', value: (row) => row.at.replace('T', ' ').slice(0, 19) },
  { title: 'kind', value: (row) => (row.warning ? 'warning' : 'normal'), status: true },
  { title: 'about', value: (row) => row.object },
  { title: 'times', value: (row) => row.count },
  { title: 'what', value: (row) => row.plain ?? `${row.reason}: ${row.message}`, prose: true },
]

function addEvents(group: Command, kind: Kind, example: string): void {
  addCommand(group, `events <${kind}>`, `Show what the cluster tells about ${articleOf[kind]} ${kind}`, [
    `${kind} events ${example}`,
    `${kind} events ${example} -f`,
  ])
    .option('-f, --follow', 'go on showing events as they happen, until Ctrl-C')
    .action(
      act<[string], { follow?: boolean }>(async (session, [name], { follow }) => {
        if (!follow) {
          const data = await session.api.get<{ events: WorkloadEvent[] }>(await pathTo(session, kind, name, 'events'))
          const empty = `The cluster has nothing to tell about ${name}; it forgets events after an hour.`
          return showList(session, data, { rows: data.events, columns: eventColumns, empty })
        }
        const path = await pathTo(session, kind, name, 'events/follow')
        for await (const event of feedItems<WorkloadEvent>(session.api, path, new AbortController().signal))
          writeLines(session, [session.structured ? JSON.stringify(event) : eventText(session, event)])
      }),
    )
}

function eventText(session: Session, { at, warning, object, plain, reason, message }: WorkloadEvent): string {
  const mark = warning ? session.paint('yellow', '!') : session.paint('dim', '·')
  return `${session.paint('dim', at.slice(11, 19))} ${mark} ${object}: ${plain ?? `${reason}: ${message}`}`
}

const volumeColumns: Column<Details['volumes'][number]>[] = [
  { title: 'volume', value: (row) => row.name },
  { title: 'state', value: (row) => row.phase },
  { title: 'size', value: (row) => row.size ?? '-' },
  {
    title: 'used',
    value: ({ used_bytes: used, capacity_bytes: all }) => (used && all ? `${Math.round((used / all) * 100)} %` : '-'),
  },
]

const certificateColumns: Column<Details['certificates'][number]>[] = [
  { title: 'address', value: (row) => row.host },
  { title: 'certificate', value: (row) => row.state, status: true },
  { title: 'until', value: (row) => row.valid_to?.slice(0, 10) ?? '-' },
  { title: 'signed by', value: (row) => row.issuer ?? '-' },
]

function addDetails(group: Command, kind: Kind, example: string): void {
  addCommand(
    group,
    `details <${kind}>`,
    `Show volumes, addresses, certificates and the last error of ${articleOf[kind]} ${kind}`,
    [`${kind} details ${example}`],
  ).action(
    act<[string]>(async (session, [name]) => {
      const data = await session.api.get<Details>(await pathTo(session, kind, name, 'details'))
      await showFields(session, data, {
        Name: name,
        Namespace: data.namespace,
        Address: data.urls.join(', '),
        'On the network': data.addresses.join(', '),
        Pods: `${data.pods.filter(({ ready }) => ready).length} of ${data.pods.length} ready`,
        'Last error': data.last_error,
      })
      showSection(session, 'Volumes', volumeColumns, data.volumes)
      showSection(session, 'Certificates', certificateColumns, data.certificates)
    }),
  )
}

const driftColumns: Column<Drift>[] = [
  { title: 'object', value: (row) => row.object },
  { title: 'what', value: (row) => (row.missing ? 'was deleted' : 'was changed') },
  { title: 'can be taken over', value: (row) => (row.adoptable ? 'yes' : 'no') },
]

interface DriftOptions {
  putBack?: boolean
  adopt?: boolean
  object?: string[]
}

function addDrift(group: Command, kind: Kind, example: string): void {
  const command = addCommand(
    group,
    `drift <${kind}>`,
    `Show what somebody changed of ${articleOf[kind]} ${kind} with kubectl, and settle it`,
    [
      `${kind} drift ${example}`,
      `${kind} drift ${example} --put-back`,
      `${kind} drift ${example} --adopt`,
      `${kind} drift ${example} --put-back --object "Deployment ${example}/${example}"`,
    ],
  )
  withPlan(command)
    .option('--put-back', 'make it again what was deployed')
    .option('--adopt', 'take the changes over into the files; what was deleted is left out from then on')
    .option('--object <object>', 'only this object, as the list names it (repeatable)', repeatable)
    .action(
      act<[string], DriftOptions>(async (session, [name], { putBack, adopt, object: objects }) => {
        if (putBack && adopt) throw usageError('Give --put-back or --adopt, not both.')
        if (objects && !putBack && !adopt) throw usageError('--object goes with --put-back or --adopt.')
        const path = await pathTo(session, kind, name, 'drift')
        if (putBack || adopt) {
          const what = objects?.join(', ') ?? name
          const success = adopt ? `The files say what the cluster has of ${what}.` : `${what} is what was deployed.`
          return startOperation(session, { path, body: { adopt: adopt === true, objects } }, { success })
        }
        const data = await session.api.get<{ drift: Drift[] }>(path)
        const empty = `${name} is what was deployed.`
        await showList(session, data, { rows: data.drift, columns: driftColumns, empty })
        if (session.structured || data.drift.length === 0) return
        for (const { object, diff } of data.drift)
          if (diff)
            writeLines(session, ['', session.paint('bold', object), ...diff.split('\n').map((line) => `  ${line}`)])
        session.messages.info(`Put it back: wild-cli ${kind} drift ${name} --put-back   Take it over: --adopt`)
      }),
    )
}
