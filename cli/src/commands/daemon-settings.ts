import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import { route } from '../rest/route.ts'
import { parseValue } from '../settings.ts'
import { showChange, showList } from '../show.ts'

interface Setting {
  key: string
  help: string
  default: number
  value: number
  is_set: boolean
}

interface Version {
  version: number
  at: string
  via: string
  reason: string
  keys: string[]
}

const settingColumns: Column<Setting>[] = [
  { title: 'setting', value: (row) => row.key },
  { title: 'value', value: (row) => row.value },
  { title: 'default', value: (row) => row.default },
  { title: 'what for', value: (row) => row.help, prose: true },
]

const versionColumns: Column<Version>[] = [
  { title: 'version', value: (row) => row.version },
  { title: 'time', value: (row) => formatTime(row.at) },
  { title: 'through', value: (row) => row.via },
  { title: 'why', value: (row) => row.reason, prose: true },
  { title: 'keys', value: (row) => row.keys, prose: true },
]

/** Adds `wild-cli daemon settings …`. */
export function addSettings(daemon: Command): void {
  const group = addGroup(daemon, 'settings', 'The settings of the daemon (central.yaml)')
  addCommand(group, 'list', 'List the settings with their values', ['daemon settings list']).action(
    act(async (session) => {
      const data = await session.api.get<{ settings: Setting[] }>('/settings')
      await showList(session, data, { rows: data.settings, columns: settingColumns, empty: 'There are none.' })
    }),
  )
  addCommand(group, 'set <setting> <value>', 'Set one setting; it takes effect at once', [
    'daemon settings set trash.keepDays 60',
  ]).action(
    act<[string, string]>(async (session, [key, text]) => {
      const answer = await session.api.send('PUT', '/settings', { key, value: await parseValue(text) })
      await showChange(session, answer, `Set ${key} = ${text}`)
    }),
  )
  addCommand(group, 'unset <setting>', 'Set one setting back to its default', [
    'daemon settings unset trash.keepDays',
  ]).action(
    act<[string]>(async (session, [key]) => {
      const answer = await session.api.send('DELETE', '/settings', undefined, { key })
      await showChange(session, answer, `${key} is back to its default`)
    }),
  )
  addCommand(group, 'show', 'Print central.yaml as it is on disk', ['daemon settings show']).action(
    act(async (session) => void session.out.write(await session.api.text('/settings/yaml'))),
  )
  addVersions(group)
}

function addVersions(group: Command): void {
  addCommand(group, 'history', 'List the versions of central.yaml, newest first', ['daemon settings history']).action(
    act(async (session) => {
      const data = await session.api.get<{ versions: Version[] }>('/settings/history')
      await showList(session, data, { rows: data.versions, columns: versionColumns, empty: 'Nothing was set yet.' })
    }),
  )
  addCommand(group, 'diff <version> [other]', 'Show what changed since a version', ['daemon settings diff 3']).action(
    act<[string, string | undefined]>(async (session, [version, to]) => {
      const text = await session.api.text(route`/settings/history/${version}/diff`, { to })
      if (text) session.out.write(text)
      else session.messages.plain('They are alike.')
    }),
  )
  addCommand(group, 'restore <version>', 'Write a version again; DNS and context stay as they are', [
    'daemon settings restore 3',
  ]).action(
    act<[string]>(async (session, [version]) => {
      const answer = await session.api.send('POST', route`/settings/history/${version}/restore`)
      await showChange(session, answer, `Version ${version} of central.yaml is in effect`)
    }),
  )
}
