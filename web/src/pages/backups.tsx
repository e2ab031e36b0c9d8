import { useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { confirm } from '../ui/confirm.tsx'
import { Button, Loaded, PageHeader } from '../ui/parts.tsx'
import { PreviewButton, preview } from '../ui/plan.tsx'
import { Running } from '../ui/running.tsx'
import { bytes } from '../ui/time.ts'

const BackupsQuery = graphql(`
  query Backups($instance: String!) {
    backups(instance: $instance) { id kind app appVersion createdAt reason whole bytes parts { name kind source bytes rows files } }
    backupTarget(instance: $instance) { kind place problem }
    backupSettings { enabled at everyHours only lastRun nextRun problems }
    apps(instance: $instance) { name title }
  }
`)
const RunMutation = graphql(
  'mutation RunBackups($instance: String!) { runBackups(instance: $instance) { operationId } }',
)
const AppMutation = graphql(
  'mutation BackupApp($instance: String!, $app: String!) { backupApp(instance: $instance, app: $app) { operationId } }',
)
const RestoreMutation = graphql(
  'mutation RestoreApp($instance: String!, $app: String!, $backup: String!) { restoreApp(instance: $instance, app: $app, backup: $backup) { operationId } }',
)
const VerifyMutation = graphql(
  'mutation VerifyBackup($instance: String!, $backup: String!) { verifyBackup(instance: $instance, backup: $backup) { operationId } }',
)
const DeleteMutation = graphql(
  'mutation DeleteBackup($instance: String!, $backup: String!) { deleteBackup(instance: $instance, backup: $backup) { operationId } }',
)

const kinds: Record<string, string> = { home: 'Settings and keys', cluster: 'Cluster', device: 'Device' }

/** Backups of an instance: what there is, making one, restoring from one. */
export default function BackupsPage() {
  const params = useParams<{ instance: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(BackupsQuery, () => ({ instance: params.instance }))
  const instance = () => params.instance

  function follow(started: { operationId: string } | null | undefined): void {
    if (started) navigate(`/operations/${started.operationId}`)
  }
  const run = async () => follow((await act(RunMutation, { instance: instance() }))?.runBackups)
  const backUp = async (app: string) => follow((await act(AppMutation, { instance: instance(), app }))?.backupApp)
  const verify = async (backup: string) =>
    follow((await act(VerifyMutation, { instance: instance(), backup }))?.verifyBackup)

  async function restore(app: string, backup: string): Promise<void> {
    const input = { instance: instance(), app, backup }
    if (await preview({ type: 'app.restore', input })) follow((await act(RestoreMutation, input))?.restoreApp)
  }

  async function remove(backup: string): Promise<void> {
    const lines = ['It is removed from the place it is kept in and cannot be brought back.']
    if (await confirm({ title: `Remove ${backup}?`, lines, action: 'Remove', danger: true }))
      follow((await act(DeleteMutation, { instance: instance(), backup }))?.deleteBackup)
  }

  return (
    <>
      <PageHeader title="Backups" about="What can be brought back, and where it is kept.">
        <Show when={query.data}>
          <PreviewButton of={{ type: 'backup.run', input: { instance: instance() } }} go={run} about="back up all" />
          <Button kind="main" onClick={run}>
            Back up all
          </Button>
        </Show>
      </PageHeader>
      <Running instance={instance()} />
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-4">
            <section class="card p-4" aria-labelledby="where">
              <h2 id="where" class="font-semibold">
                Where they go
              </h2>
              <Show
                when={!data.backupTarget.problem}
                fallback={<p class="text-sm text-warn wrap-anywhere">{data.backupTarget.problem}</p>}
              >
                <p class="text-sm wrap-anywhere">
                  <code>{data.backupTarget.place}</code>{' '}
                  <span class="text-quiet">
                    {data.backupTarget.kind === 'restic'
                      ? 'a restic repository'
                      : 'encrypted files on this device, lost with it. Set cloud.backup.root to a restic repository elsewhere.'}
                  </span>
                </p>
              </Show>
              <p class="text-sm text-quiet mt-1">
                <Show
                  when={data.backupSettings.enabled}
                  fallback="No schedule. Switch one on: wild-cli backup schedule --on"
                >
                  {`By itself ${data.backupSettings.everyHours ? `every ${data.backupSettings.everyHours} hours` : `at ${data.backupSettings.at}`}: ${data.backupSettings.only.join(', ')}.`}
                  {data.backupSettings.nextRun
                    ? ` Next: ${new Date(data.backupSettings.nextRun).toLocaleString()}.`
                    : ''}
                </Show>
              </p>
              <For each={data.backupSettings.problems}>
                {(problem) => <p class="text-sm text-warn wrap-anywhere">{problem}</p>}
              </For>
            </section>
            <Show when={data.apps.length > 0}>
              <section class="card p-4" aria-labelledby="apps">
                <h2 id="apps" class="font-semibold mb-2">
                  Back up one app
                </h2>
                <div class="flex flex-wrap gap-2">
                  <For each={data.apps}>
                    {({ name, title }) => (
                      <Button onClick={() => backUp(name)} aria-label={`Back up ${title}`}>
                        {title}
                      </Button>
                    )}
                  </For>
                </div>
              </section>
            </Show>
            <Show
              when={data.backups.length > 0}
              fallback={
                <p class="card p-4 text-quiet">
                  There are no backups yet. Back up everything, or one app, with a button above.
                </p>
              }
            >
              <ul class="grid gap-3" aria-label="Backups">
                <For each={data.backups}>
                  {(backup) => (
                    <li class="card p-4 flex flex-wrap gap-x-4 gap-y-2 items-center">
                      <div class="min-w-0 grow basis-64">
                        <h3 class="font-semibold wrap-anywhere">
                          {backup.app ?? kinds[backup.kind] ?? backup.kind}{' '}
                          <span class="text-quiet font-normal">{new Date(backup.createdAt).toLocaleString()}</span>
                        </h3>
                        <p class="text-sm text-quiet wrap-anywhere">
                          {backup.whole
                            ? [
                                bytes(backup.bytes),
                                backup.appVersion,
                                backup.reason,
                                ...backup.parts.map(({ source, name }) => source ?? name),
                              ]
                                .filter(Boolean)
                                .join(' · ')
                            : 'It was never finished and cannot be restored.'}
                        </p>
                        <code class="block text-xs text-quiet break-all">{backup.id}</code>
                      </div>
                      <span class="flex flex-wrap gap-2">
                        <Show when={backup.whole && backup.app}>
                          {(app) => (
                            <Button onClick={() => restore(app(), backup.id)} aria-label={`Restore ${backup.id}`}>
                              Restore
                            </Button>
                          )}
                        </Show>
                        <Show when={backup.whole}>
                          <Button kind="quiet" onClick={() => verify(backup.id)} aria-label={`Verify ${backup.id}`}>
                            Verify
                          </Button>
                        </Show>
                        <Button kind="quiet" onClick={() => remove(backup.id)} aria-label={`Remove ${backup.id}`}>
                          Remove
                        </Button>
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </div>
        )}
      </Loaded>
    </>
  )
}
