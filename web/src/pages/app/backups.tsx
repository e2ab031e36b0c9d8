import { useNavigate } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { appPage as texts } from '../../strings/app.ts'
import { Button, Empty, Loaded } from '../../ui/parts.tsx'
import { ago, bytes } from '../../ui/time.ts'
import { createRestore } from './restore.tsx'

const BackupsQuery = graphql(`
  query AppBackups($instance: String!, $app: String!) {
    app(instance: $instance, app: $app) { title version }
    backups(instance: $instance, app: $app) { id appVersion createdAt reason whole bytes parts { kind name source rows files } }
  }
`)
const BackupMutation = graphql(
  'mutation BackUpThisApp($instance: String!, $app: String!) { backupApp(instance: $instance, app: $app) { operationId } }',
)
const VerifyMutation = graphql(
  'mutation VerifyThisBackup($instance: String!, $backup: String!) { verifyBackup(instance: $instance, backup: $backup) { operationId } }',
)

/** Backups of one app: made now, read back, restored whole or in part. */
export function AppBackups(props: { instance: string; app: string }) {
  const navigate = useNavigate()
  const query = createLiveQuery(
    BackupsQuery,
    () => ({ instance: props.instance, app: props.app }),
    about(() => props.instance),
  )
  const restore = createRestore(props)
  async function backUp(): Promise<void> {
    const done = await act(BackupMutation, { instance: props.instance, app: props.app })
    if (done) navigate(`/operations/${done.backupApp.operationId}`)
  }
  async function verify(backup: string): Promise<void> {
    const done = await act(VerifyMutation, { instance: props.instance, backup })
    if (done) navigate(`/operations/${done.verifyBackup.operationId}`)
  }

  return (
    <Loaded query={query}>
      {(data) => (
        <>
          <div class="flex justify-end mb-3">
            <Button icon="backups" onClick={backUp}>
              {texts.backUp}
            </Button>
          </div>
          <Show
            when={data.backups.length}
            fallback={
              <Empty title={texts.noBackups} icon="backups">
                {texts.noBackupsAbout}
              </Empty>
            }
          >
            <ul class="grid gap-3" aria-label={texts.tabs.backups}>
              <For each={data.backups}>
                {(backup) => (
                  <li class="card p-4 flex flex-wrap gap-x-4 gap-y-3 items-center">
                    <div class="min-w-0 grow basis-64">
                      <p class="font-medium">
                        {new Date(backup.createdAt).toLocaleString()}{' '}
                        <span class="text-quiet text-small font-normal">{ago(backup.createdAt)}</span>
                      </p>
                      <p class="text-quiet text-small wrap-anywhere">
                        {backup.whole
                          ? [
                              bytes(backup.bytes),
                              backup.appVersion,
                              texts.reasons[backup.reason ?? ''],
                              ...backup.parts.map(partText),
                            ]
                              .filter(Boolean)
                              .join(' · ')
                          : texts.unfinished}
                      </p>
                    </div>
                    <Show when={backup.whole}>
                      <span class="flex flex-wrap gap-2">
                        <Button
                          kind="quiet"
                          aria-label={`${texts.verify} ${backup.id}`}
                          onClick={() => verify(backup.id)}
                        >
                          {texts.verify}
                        </Button>
                        <Button
                          aria-haspopup="dialog"
                          aria-label={`${texts.restore} ${backup.id}`}
                          onClick={() => restore(backup, data.app)}
                        >
                          {texts.restore}
                        </Button>
                      </span>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </>
      )}
    </Loaded>
  )
}

function partText(part: { name: string; source: string | null; rows: number | null; files: number | null }): string {
  const counted = part.rows !== null ? texts.rows(part.rows) : part.files !== null ? texts.files(part.files) : ''
  return `${part.source ?? part.name}${counted ? ` (${counted})` : ''}`
}
