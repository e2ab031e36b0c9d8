import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import { CliError, Ended, exitCodes, usageError } from '../errors.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import { route } from '../rest/route.ts'
import { asYaml, type Session } from '../session.ts'
import { parseValue } from '../settings.ts'
import { showChange, showList } from '../show.ts'
import { type ConfigProblem, editConfig, problemColumns } from './config-edit.ts'
import { type ConfigKey, configRoute, promptIfUnset, readKeys } from './config-prompt.ts'

interface ConfigVersion {
  version: number
  at: string
  via: string
  reason: string
  keys: string[]
}

/** Adds `wild-cli config …`. */
export function addConfigCommands(program: Command): void {
  const group = addGroup(program, 'config', 'Read and change the config of an instance')
  addGet(group)
  addSet(group)
  addSetMany(group)
  addUnset(group)
  addShow(group)
  addEdit(group)
  addValidate(group)
  addKeys(group)
  addPrompt(group)
  addHistory(group)
}

function addGet(group: Command): void {
  addCommand(group, 'get <key>', 'Print one value', [
    'config get cluster.name',
    `config get 'nodes."192.168.1.91".disk'`,
  ]).action(
    act<[string]>(async (session, [key]) => {
      const value = await readValue(session, key)
      if (session.structured) return session.print(value)
      session.out.write(typeof value === 'object' && value !== null ? await asYaml(value) : `${value}\n`)
    }),
  )
}

function addSet(group: Command): void {
  addCommand(group, 'set <key> <value>', 'Set one value; numbers, booleans and [lists] are read as YAML', [
    'config set cluster.name home',
    'config set cluster.nodeCount 5',
    'config set cloud.zip 01234 --string',
  ])
    .option('--string', 'keep the value as text, even when it looks like a number')
    .action(
      act<[string, string], { string?: boolean }>(async (session, [key, text], { string }) => {
        const read = string ? text : await parseValue(text)
        const value = typeof read !== 'string' && (await isText(session, key)) ? text : read
        if (isDeepStrictEqual(await readValue(session, key).catch(absent), value)) {
          return showChange(session, { success: true, message: 'Already set' }, `Set ${key} = ${text} (already done)`)
        }
        const answer = await session.api.send('PUT', route`/instances/${await session.instance()}/config`, {
          path: key,
          value,
        })
        await showChange(session, answer, `Set ${key} = ${text}`)
        await warnOfUnknown(session, key)
      }),
    )
}

/** A key that nothing reads is allowed, and most often a slip: it is told at once, not by `config validate` alone. */
async function warnOfUnknown(session: Session, key: string): Promise<void> {
  const path = `${await configRoute(session)}/validate`
  const { problems } = await session.api.get<{ problems: ConfigProblem[] }>(path).catch(() => ({ problems: [] }))
  const unknown = problems.find(
    (problem) => problem.severity === 'warning' && problem.path && `${key}.`.startsWith(`${problem.path}.`),
  )
  if (unknown) session.messages.warning(`${unknown.path}: ${unknown.message} See the keys: wild-cli config keys`)
}

function addSetMany(group: Command): void {
  addCommand(group, 'set-many <key=value...>', 'Set several values, all or none', [
    'config set-many cloud.baseDomain=example.com cloud.domain=cloud.example.com',
  ]).action(
    act<[string[]]>(async (session, [settings]) => {
      const changes: { path: string; value: unknown }[] = []
      for (const setting of settings) {
        const [, path, text] = /^((?:"(?:[^"\\]|\\.)*"|[^="])+)=(.*)$/s.exec(setting) ?? []
        if (!path) throw usageError(`This wants KEY=VALUE, got: ${setting}`)
        changes.push({ path, value: (await isText(session, path)) ? text! : await parseValue(text!) })
      }
      const answer = await session.api.send('POST', `${await configRoute(session)}/change`, { changes })
      await showChange(session, answer, `Set ${changes.map(({ path }) => path).join(', ')}`)
    }),
  )
}

function addUnset(group: Command): void {
  addCommand(group, 'unset <key>', 'Delete a key, or a section with all that is in it', ['config unset cloud.nfs'])
    .alias('delete')
    .action(
      act<[string]>(async (session, [path]) => {
        const answer = await session.api.send('DELETE', await configRoute(session), undefined, { path })
        await showChange(session, answer, `Deleted ${path}`)
      }),
    )
}

function addEdit(group: Command): void {
  addCommand(group, 'edit', 'Edit the config in $VISUAL or $EDITOR; it is checked before it is saved', [
    'config edit',
    'EDITOR="code --wait" wild-cli config edit',
  ]).action(act((session) => editConfig(session)))
}

function addValidate(group: Command): void {
  addCommand(group, 'validate', 'List what is wrong with the config; exits 2 when something is', [
    'config validate',
    'config validate -o json',
  ]).action(
    act(async (session) => {
      const data = await session.api.get<{ problems: ConfigProblem[] }>(`${await configRoute(session)}/validate`)
      await showList(session, data, { rows: data.problems, columns: problemColumns, empty: 'Nothing is wrong.' })
      if (data.problems.some(({ severity }) => severity === 'error')) throw new Ended(exitCodes.usage)
    }),
  )
}

const keyColumns: Column<ConfigKey>[] = [
  { title: 'key', value: (row) => row.path },
  { title: 'holds', value: (row) => row.kind, spare: 2 },
  { title: 'value', value: (row) => (row.is_set ? short(row.value) : undefined) },
  { title: 'default', value: (row) => (row.suggestion === undefined ? row.default : `${row.suggestion}`), spare: 1 },
  { title: 'help', value: (row) => row.help, prose: true },
]

function addKeys(group: Command): void {
  addCommand(group, 'keys', 'List the keys there are: what they hold, their defaults, what they are for', [
    'config keys',
    'config keys -o json',
  ]).action(
    act(async (session) => {
      const keys = await readKeys(session)
      await showList(session, { keys }, { rows: keys, columns: keyColumns, empty: 'There are none.' })
    }),
  )
}

function addPrompt(group: Command): void {
  addCommand(group, 'prompt [keys...]', 'Ask for the keys that are not set (the required ones without names)', [
    'config prompt',
    'config prompt cloud.smtp.host cloud.smtp.port',
    'config prompt --yes',
  ]).action(act<[string[]]>(async (session, [keys]) => promptIfUnset(session, keys)))
}

const versionColumns: Column<ConfigVersion>[] = [
  { title: 'version', value: (row) => row.version },
  { title: 'when', value: (row) => formatTime(row.at) },
  { title: 'through', value: (row) => row.via },
  { title: 'why', value: (row) => row.reason, prose: true },
  { title: 'keys', value: (row) => row.keys.join(', '), prose: true },
]

function addHistory(group: Command): void {
  const history = addGroup(group, 'history', 'See, compare and restore earlier versions of the config')
  addCommand(history, 'list', 'List the versions, newest first', ['config history list'])
    .alias('ls')
    .action(
      act(async (session) => {
        const data = await session.api.get<{ versions: ConfigVersion[] }>(`${await configRoute(session)}/history`)
        await showList(session, data, {
          rows: data.versions,
          columns: versionColumns,
          empty: 'Nothing has changed yet.',
        })
      }),
    )
  addCommand(history, 'show <version>', 'Print the text of a version', ['config history show 3']).action(
    act<[string]>(async (session, [version]) => {
      session.out.write(await session.api.text(`${await configRoute(session)}${route`/history/${version}`}`))
    }),
  )
  addCommand(history, 'diff <version> [other]', 'Compare a version with another one, or with the config as it is', [
    'config history diff 3',
    'config history diff 3 5',
  ]).action(
    act<[string, string | undefined]>(async (session, [version, to]) => {
      const path = `${await configRoute(session)}${route`/history/${version}/diff`}`
      const text = await session.api.text(path, { to })
      if (text) session.out.write(text)
      else session.messages.plain('They are alike.')
    }),
  )
  addCommand(history, 'restore <version>', 'Write a version again; that is a new version', [
    'config history restore 3',
  ]).action(
    act<[string]>(async (session, [version]) => {
      const path = `${await configRoute(session)}${route`/history/${version}/restore`}`
      await showChange(session, await session.api.send('POST', path), `Version ${version} restored`)
    }),
  )
}

function short(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : `${value}`
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

/** Whether the schema says that a key holds text, so that 1.30 does not become a number. Old daemons do not tell. */
async function isText(session: Session, path: string): Promise<boolean> {
  const keys = await readKeys(session).catch(() => [])
  const kind = keys.find((key) => key.path === path)?.kind
  return kind !== undefined && !['port', 'whole number', 'true or false', 'section'].includes(kind)
}

function addShow(group: Command): void {
  addCommand(group, 'show', 'Print the whole config with its comments', ['config show', 'config show -o json']).action(
    act(async (session) => {
      const instance = await session.instance()
      if (session.structured) return session.print(await session.api.get(route`/instances/${instance}/config`))
      session.out.write(await session.api.text(route`/instances/${instance}/config/yaml`))
    }),
  )
}

async function readValue(session: Session, path: string): Promise<unknown> {
  return session.api.get(route`/instances/${await session.instance()}/config`, { path })
}

/** A key that is not there, or a path the daemon will refuse by itself, is no reason to stop before setting it. */
function absent(error: unknown): undefined {
  if (error instanceof CliError && (error.exit === exitCodes.notFound || error.exit === exitCodes.usage))
    return undefined
  throw error
}
