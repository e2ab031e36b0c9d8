import type { Command } from 'commander'
import { confirmOnTerminal } from '../ask.ts'
import { act, addCommand, withPlan } from '../command.ts'
import { planLines } from '../operation/plan-text.ts'
import { askPlan, type OperationRequest, startOperation } from '../operation/start.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { nestSettings, repeatable } from '../settings.ts'
import { writeLines } from '../show.ts'

interface UpdateOptions {
  set?: string[]
  fetch?: boolean
  deploy: boolean
  force?: boolean
  dryRun?: boolean
}

const withUpdateOptions = (command: Command) =>
  withPlan(command)
    .option('--set <key=value>', 'a setting to change (repeatable)', repeatable)
    .option('--no-deploy', 'only write settings and files')
    .option('--force', 'take the new text where a file you edited changes the same lines; yours is put aside')
    .option('--dry-run', 'ask the cluster what would change, without changing it')

/** Adds `app update`. */
export function addAppUpdate(group: Command): void {
  const command = addCommand(group, 'update <app>', 'Take an app to the version of the catalog, or to other settings', [
    'app update ghost',
    'app update ghost --set storage=50Gi',
    'app update ghost --plan',
  ])
  withUpdateOptions(command).action(
    act<[string], UpdateOptions>(async (session, [name], options) => {
      const path = route`/instances/${await session.instance()}/apps/${name}/update`
      const request: OperationRequest = { method: 'POST', path, body: await bodyOf(options) }
      await update(session, request, options, name)
    }),
  )
}

/** Adds `service update`. */
export function addServiceUpdate(group: Command): void {
  const command = addCommand(
    group,
    'update <service>',
    'Take a service to the version of the catalog, or other settings',
    [
      'service update traefik',
      'service update metallb --set cluster.loadBalancerIp=192.168.1.81',
      'service update traefik --plan',
    ],
  )
  withUpdateOptions(command)
    .option('--fetch', 'bring your copy of its templates up to date too (the default when there is one)')
    .action(
      act<[string], UpdateOptions>(async (session, [name], options) => {
        const path = route`/instances/${await session.instance()}/services/${name}`
        const request: OperationRequest = {
          method: 'PUT',
          path,
          body: { ...(await bodyOf(options)), ...(options.fetch ? { fetch: true } : {}) },
        }
        await update(session, request, options, name)
      }),
    )
}

/** Adds `service fetch`. */
export function addServiceFetch(group: Command): void {
  const command = addCommand(
    group,
    'fetch <service>',
    'Copy the templates of an installed service into the instance, where you may edit them; starts nothing',
    ['service fetch traefik', 'service fetch traefik --plan'],
  )
  withPlan(command)
    .option('--force', 'take the new text where a file you edited changes the same lines; yours is put aside')
    .action(
      act<[string], { force?: boolean }>(async (session, [name], { force }) => {
        const path = route`/instances/${await session.instance()}/services/${name}/fetch`
        const success = `The templates of ${name} are in the instance. Next: wild-cli service update ${name}`
        await startOperation(session, { path, body: { force: force === true } }, { success })
      }),
    )
}

async function bodyOf({ set, deploy, force, dryRun }: UpdateOptions): Promise<Record<string, unknown>> {
  const config = await nestSettings(set)
  return { ...(config ? { config } : {}), deploy, force: force === true, dry_run: dryRun === true }
}

async function update(session: Session, request: OperationRequest, options: UpdateOptions, name: string) {
  if (session.interactive && !session.yes && !session.plan && !options.dryRun) await showAndAsk(session, request)
  const done = options.deploy ? `${name} is up to date.` : `The files of ${name} are up to date.`
  await startOperation(session, request, { success: options.dryRun ? `${name} was compared.` : done })
}

/** Shows what would change, then asks. */
async function showAndAsk(session: Session, request: OperationRequest): Promise<void> {
  const plan = await askPlan(session, request)
  if (plan.nothing_to_do) return
  writeLines(session, planLines(plan, session.paint))
  await confirmOnTerminal(session, 'Do it?', true)
}
