import type { Command } from 'commander'
import { confirmTyping } from '../ask.ts'
import { act, addCommand, withPlan } from '../command.ts'
import { askPlan, type OperationRequest, startOperation } from '../operation/start.ts'
import { route } from '../rest/route.ts'
import type { Plan } from '../rest/types.ts'
import type { Session } from '../session.ts'

/** Adds `app delete`. */
export function addAppDelete(group: Command): void {
  const command = addCommand(group, 'delete <app>', 'Delete an app; its volumes, secrets and settings stay', [
    'app delete ghost --plan',
    'app delete ghost',
    'app delete ghost --delete-data',
  ])
  withPlan(command)
    .option('--delete-data', 'delete its volumes and secrets too: they cannot be brought back')
    .option('--force', 'also while other apps need it')
    .action(
      act<[string], { deleteData?: boolean; force?: boolean }>(async (session, [name], { deleteData, force }) => {
        const path = route`/instances/${await session.instance()}/apps/${name}`
        const request: OperationRequest = {
          method: 'DELETE',
          path,
          query: { ...(force ? { force: 'true' } : {}), ...(deleteData ? { delete_data: 'true' } : {}) },
        }
        const loss = deleteData
          ? `${name} and its data are deleted for good.`
          : `${name} stops; its volumes, secrets and settings stay.`
        await confirmDeletion(session, request, loss, name)
        await startOperation(session, request, {
          success: deleteData ? `${name} and its data are deleted.` : `${name} is deleted; its data is kept.`,
          next: deleteData ? undefined : `wild-cli app add ${name}   (finds its data again)`,
        })
      }),
    )
}

/** Adds `service delete`. */
export function addServiceDelete(group: Command): void {
  const command = addCommand(group, 'delete <service>', 'Delete a service with all it brought into the cluster', [
    'service delete cert-manager --plan',
    'service delete cert-manager',
  ])
  withPlan(command)
    .option('--force', 'also while something needs it')
    .action(
      act<[string], { force?: boolean }>(async (session, [name], { force }) => {
        const path = route`/instances/${await session.instance()}/services/${name}`
        const request: OperationRequest = { method: 'DELETE', path, query: force ? { force: 'true' } : {} }
        await confirmDeletion(session, request, `${name} is deleted with all its objects in the cluster.`, name)
        await startOperation(session, request, { success: `${name} is deleted.` })
      }),
    )
}

/** Says what goes, as the daemon plans it, and asks for the name. A refusal comes before the question. */
async function confirmDeletion(session: Session, request: OperationRequest, loss: string, name: string): Promise<void> {
  if (session.plan || session.yes) return
  const plan = await askPlan(session, request)
  if (session.interactive) for (const line of whatGoes(plan)) session.messages.plain(line)
  await confirmTyping(session, loss, name)
}

const shown = 20

function whatGoes({ steps }: Plan): string[] {
  const changes = steps.flatMap((step) => step.changes.map(({ text }) => text))
  const more = changes.length > shown ? [`  and ${changes.length - shown} more (see all with --plan)`] : []
  const kept = steps.flatMap(({ title, reason, state }) =>
    state === 'done' && reason ? [`  ${title}: ${reason}`] : [],
  )
  return [...changes.slice(0, shown).map((text) => `  ${text}`), ...more, ...kept]
}
