import type { ConfigKey } from '../commands/config-prompt.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import type { Candidate, ValueSource, Wanted } from './model.ts'

type Find = (session: Session, wanted: Wanted) => Promise<Candidate[] | 'files'>

/**
 * Where values come from, by the name that the help gives an argument: for all commands, or with words of the command
 * before it for those alone. Names of new things (`instance create <name>`) are in no table.
 */
const sources: Partial<Record<string, Find>> = {
  instance: (session) => named(session, '/instances', 'instances'),
  node: async (session) => named(session, `${await ofInstance(session)}/nodes`, 'nodes', 'role'),
  service: async (session) => named(session, `${await ofInstance(session)}/services`, 'services', 'status'),
  app: (session) => named(session, '/apps', 'apps', 'description'),
  'app deploy app': addedApps,
  'app status app': addedApps,
  category: async (session) => {
    const { apps } = await session.api.get<{ apps: { category?: string }[] }>('/apps')
    return unique(apps.flatMap(({ category }) => category ?? []))
  },
  'operation id': async (session) => {
    const query = { instance: session.namedInstance, limit: '50' }
    const { operations } = await session.api.get<{ operations: OperationRow[] }>('/operations', query)
    return operations.map(({ operation_id: value, title, status }) => ({ value, about: `${title ?? ''}: ${status}` }))
  },
  'operation list type': async (session) =>
    unique((await session.api.get<{ types: string[] }>('/operations/types')).types),
  key: configKeys,
  keys: configKeys,
  'config set value': async (session, { positionals }) => {
    const key = (await keysOf(session)).find(({ path }) => path === positionals[0])
    if (key?.kind === 'true or false') return [{ value: 'true' }, { value: 'false' }]
    return key?.suggestion === undefined ? [] : [{ value: `${key.suggestion}`, about: 'its default' }]
  },
  'config set-many key=value': async (session) => assigned(await configKeys(session)),
  'instance create key=value': async (session) => assigned((await keysOf(session)).map(declared)),
  'app add key=value': appSettings,
  'app deploy key=value': appSettings,
  'config history version': async (session) => {
    const path = `${await ofInstance(session)}/config/history`
    const { versions } = await session.api.get<{ versions: { version: number; reason: string }[] }>(path)
    return versions.map(({ version, reason }) => ({ value: `${version}`, about: reason }))
  },
  'config history other': (session, wanted) => sources['config history version']!(session, wanted),
  secret: async (session) => {
    const { secrets } = await session.api.get<{ secrets: SecretRow[] }>(`${await ofInstance(session)}/secrets/list`)
    return secrets.map(({ path: value, kind, set }) => ({ value, about: set ? kind : `${kind}, not set` }))
  },
  role: async () => [{ value: 'controlplane' }, { value: 'worker' }],
  mac: async (session) => {
    const { machines } = await session.api.get<{ machines: { mac: string; ip?: string }[] }>(
      `${await ofInstance(session)}/machines`,
    )
    return machines.map(({ mac: value, ip: about }) => ({ value, about }))
  },
  assets: async (session) => {
    const { assets } = await session.api.get<{ assets: { id: string; kind: string }[] }>('/pxe/assets')
    return assets.map(({ id: value, kind: about }) => ({ value, about }))
  },
  file: async () => 'files',
  output: async () => 'files',
  'template render-dir source': async () => 'files',
  'template render-dir target': async () => 'files',
}

interface OperationRow {
  operation_id: string
  title?: string
  status: string
}

interface SecretRow {
  path: string
  kind: string
  set: boolean
}

/** Values asked of the daemon. Whatever goes wrong, there are none: nobody waits for an error behind a Tab. */
export function valuesFrom(session: (wanted: Wanted) => Session): ValueSource {
  return async (wanted) => {
    const find = sourceOf(wanted)
    try {
      return find ? await find(session(wanted), wanted) : []
    } catch {
      return []
    }
  }
}

/** `config history show <version>` is looked up as itself, then `config history version`, `config version`, `version`. */
function sourceOf({ command, argument }: Wanted): Find | undefined {
  const words = command.split(' ')
  for (let count = words.length; count >= 0; count--) {
    const found = sources[[...words.slice(0, count), argument].join(' ').trim()]
    if (found) return found
  }
  return undefined
}

async function ofInstance(session: Session): Promise<string> {
  return route`/instances/${await session.instance()}`
}

async function named(session: Session, path: string, list: string, about?: string): Promise<Candidate[]> {
  const data = await session.api.get<Record<string, ({ name: string } & Record<string, unknown>)[]>>(path)
  return (data[list] ?? []).map((row) => ({
    value: row.name,
    about: about && row[about] ? `${row[about]}` : undefined,
  }))
}

async function appSettings(session: Session, { positionals }: Wanted): Promise<Candidate[]> {
  const app = await session.api.get<{ default_config?: unknown }>(route`/apps/${positionals[0] ?? ''}`)
  return assigned(pathsIn(app.default_config).map((value) => ({ value })))
}

async function addedApps(session: Session): Promise<Candidate[]> {
  return named(session, `${await ofInstance(session)}/apps`, 'apps', 'status')
}

/** The declared keys, and the keys that are in the config. */
async function configKeys(session: Session): Promise<Candidate[]> {
  const path = `${await ofInstance(session)}/config`
  const [keys, config] = await Promise.all([keysOf(session), session.api.get<unknown>(path)])
  const known = keys.filter(({ path: key }) => !key.includes('*')).map(declared)
  const others = pathsIn(config).filter((key) => !known.some(({ value }) => value === key))
  return [...known, ...others.map((value) => ({ value }))]
}

async function keysOf(session: Session): Promise<ConfigKey[]> {
  const path = `${await ofInstance(session)}/config/keys`
  return (await session.api.get<{ keys: ConfigKey[] }>(path)).keys
}

function declared({ path, help }: ConfigKey): Candidate {
  return { value: path, about: help }
}

/** Paths of all values and sections of a tree, written as the daemon writes them. */
function pathsIn(tree: unknown, above = ''): string[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    const segment = /^[^.[\]"\s]+$/.test(key) ? key : `"${key.replace(/["\\]/g, '\\$&')}"`
    const path = above ? `${above}.${segment}` : segment
    return [path, ...pathsIn(value, path)]
  })
}

function assigned(keys: Candidate[]): Candidate[] {
  return keys.filter(({ value }) => !value.includes('*')).map(({ value, about }) => ({ value: `${value}=`, about }))
}

function unique(values: string[]): Candidate[] {
  return [...new Set(values)].map((value) => ({ value }))
}
