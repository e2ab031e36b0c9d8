import { useNavigate } from '@solidjs/router'
import { Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { appPage as texts } from '../../strings/app.ts'
import { Button, Loaded } from '../../ui/parts.tsx'
import { BackupRows } from '../backups/rows.tsx'
import type { createRestore } from './restore.tsx'

const BackupsQuery = graphql(`
  query AppBackups($instance: String!, $app: String!) {
    app(instance: $instance, app: $app) { title version }
    backups(instance: $instance, app: $app) { id kind app appVersion createdAt reason whole bytes parts { name source rows files } }
  }
`)
const BackupMutation = graphql(
  'mutation BackUpThisApp($instance: String!, $app: String!) { backupApp(instance: $instance, app: $app) { operationId } }',
)

/** Backups of one app: made now, read back, restored whole or in part. */
export function AppBackups(props: { instance: string; app: string }) {
  const navigate = useNavigate()
  const query = createLiveQuery(
    BackupsQuery,
    () => ({ instance: props.instance, app: props.app }),
    about(() => props.instance),
  )
  /** The dialog comes once it is asked for: most visits never open it. */
  async function restore(...what: Parameters<ReturnType<typeof createRestore>>): Promise<void> {
    const dialog = await import('./restore.tsx')
    await dialog.createRestore(props, navigate)(...what)
  }
  async function backUp(): Promise<void> {
    const done = await act(BackupMutation, { instance: props.instance, app: props.app })
    if (done) navigate(`/operations/${done.backupApp.operationId}`)
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
          <BackupRows
            of={data.backups}
            instance={props.instance}
            label={texts.tabs.backups}
            none={[texts.noBackups, texts.noBackupsAbout]}
          >
            {(backup) => (
              <Show when={backup.whole}>
                <Button
                  aria-haspopup="dialog"
                  aria-label={`${texts.restore} ${backup.id}`}
                  onClick={() => restore(backup, data.app)}
                >
                  {texts.restore}
                </Button>
              </Show>
            )}
          </BackupRows>
        </>
      )}
    </Loaded>
  )
}
