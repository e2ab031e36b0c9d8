import type { Command } from 'commander'
import { confirm } from '../ask.ts'
import { act, addCommand, withPlan } from '../command.ts'
import { CliError, exitCodes, usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import { formatBytes } from '../output/units.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { App, Proposal } from '../rest/types.ts'
import { asYaml, type Session } from '../session.ts'
import { nestSettings, repeatable } from '../settings.ts'
import { showChange, showFields, writeLines } from '../show.ts'
import { askForAppSettings, proposalOf, readProposal } from './app-prompt.ts'
import { askForMissing } from './config-prompt.ts'

/** Adds `app proposal`, `app add` and `app deploy`. */
export function addAppAddCommands(group: Command): void {
  addProposal(group)
  addAdd(group)
  addDeploy(group)
}

function addProposal(group: Command): void {
  addCommand(
    group,
    'proposal <app>',
    'Show what adding an app would set, what it needs and what it asks of the cluster; changes nothing',
    ['app proposal ghost', 'app proposal ghost --set storage=50Gi', 'app proposal ghost --output json'],
  )
    .option('--set <key=value>', 'a setting it would be added with (repeatable)', repeatable)
    .action(
      act<[string], { set?: string[] }>(async (session, [name], { set }) => {
        const data = await proposalOf(session, name, await nestSettings(set))
        await showFields(session, data, {
          'Brings along': data.alongside.join(', ') || 'no other app',
          Processor: `${Number(data.cores.toFixed(2))} CPU`,
          Memory: formatBytes(data.memory_bytes),
          Storage: formatBytes(data.storage_bytes),
          'Secrets made': data.made_secrets?.join(', '),
          'Secrets you give': data.missing_secrets.join(', '),
          'Settings to give': data.missing_settings?.join(', '),
        })
        if (session.structured) return
        const settings = (await asYaml(data.values)).trimEnd().split('\n')
        writeLines(session, ['', session.paint('bold', 'Settings'), ...settings.map((line) => `  ${line}`)])
        const settled = (set ?? []).map((each) => ` --set ${each}`).join('')
        session.messages.info(`Nothing was changed. Add it: wild-cli app add ${name}${settled}`)
      }),
    )
}

function addAdd(group: Command): void {
  addCommand(group, 'add <app>', 'Add an app: write its settings, secrets and manifests', [
    'app add ghost',
    'app add ghost --set domain=blog.example.com --set storage=20Gi',
    'app add ghost --plan',
  ])
    .option('--set <key=value>', 'a setting of the app (repeatable)', repeatable)
    .option('--force', 'write the manifests again from the catalog')
    .action(
      act<[string], { set?: string[]; force?: boolean }>(async (session, [name], { set, force }) => {
        const instance = await session.instance()
        const given = await nestSettings(set)
        await askForMissing(session)
        const known = !given && !force && (await isAdded(session, instance, name))
        const proposal = await readProposal(session, name, given)
        await confirmOthers(session, name, proposal)
        const config = await askForAppSettings(session, name, proposal, given)
        const body = { name, force: force === true, config }
        const answer = await session.api.send<Answer<unknown>>('POST', route`/instances/${instance}/apps`, body)
        await showChange(session, answer, `${name} is added to ${instance}.${known ? ' (already done)' : ''}`)
        await askForSecrets(session, proposal)
        session.messages.info(`Next: wild-cli app deploy ${name}`)
      }),
    )
}

/** On a terminal secrets are asked for once the app is there; else it is only said that deploying needs them. */
async function askForSecrets(session: Session, proposal: Proposal | undefined): Promise<void> {
  const secrets = proposal?.missing_secrets ?? []
  if (session.interactive && !session.yes) return askForMissing(session, { secrets })
  for (const path of secrets) session.messages.info(`Before it is deployed: wild-cli secret set ${path}`)
}

interface DeployOptions {
  force?: boolean
  dryRun?: boolean
  add?: boolean
  set?: string[]
}

function addDeploy(group: Command): void {
  const command = addCommand(group, 'deploy <app>', 'Deploy an app and what it depends on', [
    'app deploy ghost',
    'app deploy ghost --plan',
    'app deploy ghost --dry-run',
    'app deploy ghost --add --set domain=blog.example.com',
  ])
  withPlan(command)
    .option('--force', 'apply again what is already there')
    .option('--dry-run', 'ask the cluster what would change, without changing it')
    .option('--add', 'add it first when it is not there yet')
    .option('--set <key=value>', 'with --add: a setting of the app (repeatable)', repeatable)
    .action(
      act<[string], DeployOptions>(async (session, [name], { force, dryRun, add, set }) => {
        if (set && !add)
          throw usageError(
            '--set goes with --add: settings of an app that is there are changed by an update.',
            `wild-cli app update ${name} --set ${set[0]}`,
          )
        const instance = await session.instance()
        const given = await nestSettings(set)
        const adds = add || (!dryRun && (await wantsAdding(session, instance, name)))
        const config = dryRun ? given : await readyToDeploy(session, name, adds, given)
        const path = route`/instances/${instance}/apps/${name}/deploy`
        const body = { force: force === true, dry_run: dryRun === true, ...(adds ? { add: true, config } : {}) }
        const success = dryRun ? `${name} can be deployed.` : `${name} is running.`
        await startOperation(session, { path, body }, { success })
      }),
    )
}

/** On a terminal, an app that is not there yet is added when the person says so. */
async function wantsAdding(session: Session, instance: string, name: string): Promise<boolean> {
  if (session.plan || session.yes || !session.interactive || (await isAdded(session, instance, name))) return false
  await confirm(session, `${name} is not added to ${instance} yet. Add it?`, true)
  return true
}

/** Everything deploying lacks is asked for, or listed before anything starts. Answers the settings to add it with. */
async function readyToDeploy(
  session: Session,
  name: string,
  adds: boolean,
  given: Record<string, unknown> | undefined,
): Promise<Record<string, unknown> | undefined> {
  if (adds) await askForMissing(session)
  const proposal = await readProposal(session, name, given)
  await confirmOthers(session, name, proposal)
  const config = adds ? await askForAppSettings(session, name, proposal, given, proposal?.missing_secrets) : given
  await askForMissing(session, { secrets: proposal?.missing_secrets })
  return config
}

/** What it needs and is not there comes with it only when the person says so; without a terminal it comes. */
async function confirmOthers(session: Session, name: string, proposal: Proposal | undefined): Promise<void> {
  const others = proposal?.alongside ?? []
  if (others.length === 0) return
  const are = others.length === 1 ? 'is' : 'are'
  const them = others.length === 1 ? 'it' : 'them'
  await confirm(session, `${name} needs ${others.join(', ')}, which ${are} not there yet. Add ${them} too?`, true)
}

async function isAdded(session: Session, instance: string, name: string): Promise<boolean> {
  try {
    const { status } = await session.api.get<App>(route`/instances/${instance}/apps/${name}`)
    return status !== 'not_installed'
  } catch (error) {
    if (error instanceof CliError && error.exit === exitCodes.notFound) return false
    throw error
  }
}
