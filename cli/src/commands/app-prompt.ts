import { askText } from '../ask.ts'
import { CliError, exitCodes } from '../errors.ts'
import { route } from '../rest/route.ts'
import type { CatalogApp, Proposal } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { nestSettings } from '../settings.ts'
import { askForMissing } from './config-prompt.ts'

/** What adding an app with these settings would set and need; undefined with `--plan`, and where the command itself will say what is not there. */
export async function readProposal(
  session: Session,
  name: string,
  given?: Record<string, unknown>,
): Promise<Proposal | undefined> {
  if (session.plan) return undefined
  return proposalOf(session, name, given).catch((error: unknown) => {
    if (error instanceof CliError && error.exit === exitCodes.notFound) return undefined
    throw error
  })
}

/** Throws what the daemon refuses: a setting that is wrong, an app that is not there. */
export async function proposalOf(session: Session, name: string, given?: Record<string, unknown>): Promise<Proposal> {
  const path = route`/instances/${await session.instance()}/apps/${name}/proposal`
  return session.api.get<Proposal>(path, { config: given && JSON.stringify(given) })
}

/**
 * The settings to add an app with: those that were given, and those it cannot do without, asked for on a terminal.
 * Without one, or with `--yes`, it throws a usage error that lists them, and `secrets` with them.
 */
export async function askForAppSettings(
  session: Session,
  name: string,
  proposal: Proposal | undefined,
  given: Record<string, unknown> | undefined,
  secrets: string[] = [],
): Promise<Record<string, unknown> | undefined> {
  const prefix = `apps.${name}.`
  const missing = proposal?.missing_settings ?? []
  if (missing.length === 0) return given
  const own = missing.filter((path) => path.startsWith(prefix))
  // Listed together: a person should not meet them one by one.
  if (session.yes || !session.interactive) await askForMissing(session, { missing, secrets })
  else await askForMissing(session, { missing: missing.filter((path) => !own.includes(path)) })
  const { settings = [] } = await session.api.get<CatalogApp>(route`/apps/${name}`)
  const answers: string[] = []
  for (const path of own) {
    const key = path.slice(prefix.length)
    const setting = settings.find((each) => each.name === key)
    const more = setting?.choices?.join(', ') ?? setting?.help
    answers.push(`${key}=${await askText(session, `${setting?.title ?? key}${more ? ` (${more})` : ''}`)}`)
  }
  const answered = await nestSettings(answers)
  return answered ? merged(answered, given) : given
}

/** Both, also where they meet below the same key; `over` wins. */
function merged(under: Record<string, unknown>, over: Record<string, unknown> = {}): Record<string, unknown> {
  const result = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const both = [under[key], value].every((each) => typeof each === 'object' && each !== null && !Array.isArray(each))
    result[key] = both ? merged(under[key] as Record<string, unknown>, value as Record<string, unknown>) : value
  }
  return result
}
