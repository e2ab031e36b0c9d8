import { askText } from '../ask.ts'
import { CliError, exitCodes, usageError } from '../errors.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { parseValue } from '../settings.ts'

/** A key as the daemon declares it, and what it is in the instance. */
export interface ConfigKey {
  path: string
  kind: string
  help: string
  question?: string
  default?: string
  required: boolean
  is_set: boolean
  value?: unknown
  suggestion?: unknown
}

/** Where the config of the instance at hand is. */
export async function configRoute(session: Session): Promise<string> {
  return route`/instances/${await session.instance()}/config`
}

/** The declared keys with their values and defaults. */
export async function readKeys(session: Session): Promise<ConfigKey[]> {
  return (await session.api.get<{ keys: ConfigKey[] }>(`${await configRoute(session)}/keys`)).keys
}

/**
 * Asks for each of the keys (without any: the required ones) that is not set, with the daemon's question and default,
 * and saves each answer. `--yes` takes the defaults. Without a terminal, or where `--yes` finds no default, it throws
 * a usage error that lists what is missing, and sets nothing.
 */
export async function promptIfUnset(session: Session, wanted: string[] = []): Promise<void> {
  const all = await readKeys(session)
  const unknown = wanted.filter((path) => !all.some((key) => key.path === path))
  if (unknown.length) throw usageError(`Not a known key: ${unknown.join(', ')}.`, 'wild-cli config keys')
  const asked = all.filter(({ path, required }) => (wanted.length ? wanted.includes(path) : required))
  const unset = asked.filter(({ is_set }) => !is_set)
  if (unset.length === 0) return session.messages.info('Everything is set.')
  await ask(session, unset)
}

/**
 * What a command does before it starts anything: asks for the required keys, and those named, that are not set, as
 * `promptIfUnset` does. Silent when everything is there; with `--plan` nothing is asked.
 */
export async function askForMissing(session: Session, alsoNeeded: string[] = []): Promise<void> {
  if (session.plan) return
  const keys = await readKeys(session).catch((error: unknown) => {
    // An instance that is not there is told by the command itself; an old daemon declares no keys.
    if (error instanceof CliError && error.exit === exitCodes.notFound) return []
    throw error
  })
  const unset = keys.filter(({ path, required, is_set }) => !is_set && (required || alsoNeeded.includes(path)))
  if (unset.length) await ask(session, unset)
}

async function ask(session: Session, unset: ConfigKey[]): Promise<void> {
  if (!session.yes && !session.interactive) throw stillMissing(unset)
  const path = await configRoute(session)
  if (session.yes) {
    const without = unset.filter(({ suggestion }) => suggestion === undefined)
    if (without.length) throw stillMissing(without)
    const changes = unset.map((key) => ({ path: key.path, value: key.suggestion }))
    await session.api.send('POST', `${path}/change`, { changes })
    return session.messages.success(`Set ${changes.map(({ path: at, value }) => `${at} = ${value}`).join(', ')}`)
  }
  for (const { path: key } of unset) await askAndSet(session, key)
}

/** The default may follow from what was answered just before, so it is read anew. */
async function askAndSet(session: Session, path: string): Promise<void> {
  const key = (await readKeys(session)).find((each) => each.path === path)!
  const preset = key.suggestion === undefined ? undefined : `${key.suggestion}`
  for (;;) {
    const text = await askText(session, `${key.question ?? key.help} (${path})`, preset)
    const value = key.kind === 'port' || key.kind === 'true or false' ? await parseValue(text) : text
    try {
      await session.api.send('PUT', await configRoute(session), { path, value })
      return
    } catch (error) {
      session.err.write(`${(error as Error).message}\n`)
      if ((error as { exit?: number }).exit !== 2) throw error
    }
  }
}

function stillMissing(keys: ConfigKey[]): Error {
  return usageError(
    `Not set yet: ${keys.map(({ path }) => path).join(', ')}.`,
    ...keys.map(({ path, help }) => `wild-cli config set ${path} VALUE    ${help}`),
    ...(keys.every(({ suggestion }) => suggestion !== undefined) ? ['Or add --yes to take the defaults.'] : []),
  )
}
