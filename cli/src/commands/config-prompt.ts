import { askSecret, askText } from '../ask.ts'
import { CliError, exitCodes, usageError } from '../errors.ts'
import { route } from '../rest/route.ts'
import type { ManifestSetting, Service } from '../rest/types.ts'
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

/** What a command needs besides the required keys. */
export interface Needs {
  /** Declared keys; those that are set are not asked for. */
  keys?: string[]
  /** Keys that are known to be missing, declared or not. */
  missing?: string[]
  /** Secrets that nobody gave yet. */
  secrets?: string[]
  /** The service it is about, as its manifest declares it: on a terminal what has a default or is optional is asked for too. */
  service?: Service
}

/**
 * What a command does before it starts anything: asks for the required keys that are not set and for what else it needs,
 * as `promptIfUnset` does. Silent when everything is there; with `--plan` nothing is asked.
 */
export async function askForMissing(session: Session, needs: Needs = {}): Promise<void> {
  if (session.plan) return
  const keys = await readKeys(session).catch((error: unknown) => {
    // An instance that is not there is told by the command itself; an old daemon declares no keys.
    if (error instanceof CliError && error.exit === exitCodes.notFound) return []
    throw error
  })
  const alsoNeeded = new Set([...(needs.keys ?? []), ...(needs.missing ?? [])])
  const unset = keys.filter(
    // A section is filled by what belongs into it; the daemon says how.
    ({ path, kind, required, is_set }) => !is_set && kind !== 'section' && (required || alsoNeeded.has(path)),
  )
  // What a service of somebody's own needs is declared nowhere else.
  const own = [...new Set(needs.missing)].filter((path) => !keys.some((key) => key.path === path))
  unset.push(...own.map((path) => ({ path, kind: 'text', help: '', required: false, is_set: false })))
  const declared = needs.service?.settings ?? []
  const others = unset.filter(({ path }) => !declared.some(({ name }) => name === path))
  if (!session.interactive || session.yes) return ask(session, unset, [...new Set(needs.secrets)])
  await ask(session, others)
  if (needs.service) await askOfService(session, needs.service, declared)
  await ask(session, [], [...new Set(needs.secrets)])
  for (const secret of needs.service?.secrets ?? [])
    if (secret.optional && !secret.is_set && secret.kind === 'supplied') await offerSecret(session, secret)
}

const unsetOnes = (settings: ManifestSetting[]) => settings.filter(({ value }) => value === undefined || value === null)

/** Asks for every setting of a service that is not set, in the words of its manifest; a default is taken by Enter. */
async function askOfService(session: Session, { name }: Service, settings: ManifestSetting[]): Promise<void> {
  const path = route`/instances/${await session.instance()}/services/${name}`
  for (const { name: key } of unsetOnes(settings)) {
    for (let kept = false; !kept; ) {
      // A default may follow from what was answered just before.
      const now = (await session.api.get<Service>(path)).settings?.find((each) => each.name === key)
      const preset = now?.default === undefined || now.default === null ? undefined : `${now.default}`
      const answer = await askText(session, questionOf(now, key), preset)
      if (answer === '' && preset === '') break
      kept = await keep(session, () => session.api.send('PUT', `${path}/settings`, { config: { [key]: answer } }))
    }
  }
}

const questionOf = (setting: ManifestSetting | undefined, key: string): string =>
  [`${setting?.prompt || setting?.title || 'Value'} (${key})`, setting?.help].filter(Boolean).join('\n')

/** A secret it works without: Enter leaves it out. */
async function offerSecret(session: Session, secret: { path: string; description?: string | null }): Promise<void> {
  const { path } = secret
  const value = await askSecret(session, `${secret.description ?? path} (${path}; Enter leaves it out)`)
  if (value !== '')
    await session.api.send('PUT', route`/instances/${await session.instance()}/secrets`, { path, value })
}

/** Saves an answer; one that makes no sense is told, and false says to ask again. */
async function keep(session: Session, save: () => Promise<unknown>): Promise<boolean> {
  try {
    await save()
    return true
  } catch (error) {
    if ((error as { exit?: number }).exit !== exitCodes.usage) throw error
    session.err.write(`${(error as Error).message}\n`)
    return false
  }
}

async function ask(session: Session, unset: ConfigKey[], secrets: string[] = []): Promise<void> {
  if (unset.length + secrets.length === 0) return
  if (!session.yes && !session.interactive) throw stillMissing(unset, secrets)
  if (session.yes) {
    const without = unset.filter(({ suggestion }) => suggestion === undefined)
    if (without.length + secrets.length) throw stillMissing(without, secrets)
    const changes = unset.map((key) => ({ path: key.path, value: key.suggestion }))
    await session.api.send('POST', `${await configRoute(session)}/change`, { changes })
    return session.messages.success(`Set ${changes.map(({ path: at, value }) => `${at} = ${value}`).join(', ')}`)
  }
  for (const key of unset) await askAndSet(session, key)
  for (const path of secrets) {
    const value = await askSecret(session, `Value of the secret ${path}`)
    if (value === '') throw stillMissing([], [path])
    await session.api.send('PUT', route`/instances/${await session.instance()}/secrets`, { path, value })
  }
}

/** The default may follow from what was answered just before, so it is read anew. */
async function askAndSet(session: Session, asked: ConfigKey): Promise<void> {
  const { path } = asked
  const key = (await readKeys(session)).find((each) => each.path === path) ?? asked
  const preset = key.suggestion === undefined ? undefined : `${key.suggestion}`
  for (;;) {
    const text = await askText(session, `${key.question || key.help || 'Value'} (${path})`, preset)
    const value = ['port', 'whole number', 'true or false'].includes(key.kind) ? await parseValue(text) : text
    const place = await configRoute(session)
    if (await keep(session, () => session.api.send('PUT', place, { path, value }))) return
  }
}

function stillMissing(keys: ConfigKey[], secrets: string[] = []): Error {
  const defaults = secrets.length === 0 && keys.every(({ suggestion }) => suggestion !== undefined)
  return usageError(
    `Not set yet: ${[...keys.map(({ path }) => path), ...secrets].join(', ')}.`,
    ...keys.map(({ path, help }) => `wild-cli config set ${path} VALUE    ${help}`.trimEnd()),
    ...secrets.map((path) => `wild-cli secret set ${path}`),
    ...(defaults ? ['Or add --yes to take the defaults.'] : []),
  )
}
