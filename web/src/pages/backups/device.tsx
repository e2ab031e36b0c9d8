import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { saveLarge } from '../../graphql/rest.ts'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Loaded, Section } from '../../ui/page.tsx'
import { PreviewButton } from '../../ui/plan.tsx'
import { showFailure } from '../../ui/toasts.tsx'
import { Passphrase, Repository } from './device-settings.tsx'
import { createKeeping } from './keep.ts'
import { BackupRows } from './rows.tsx'

const SettingsQuery = graphql(
  'query DeviceBackupSettings { backupSettings { repository hasPassphrase } backupTarget { kind place problem } }',
)
const ListQuery = graphql(
  'query DeviceBackups { backups { id kind createdAt reason whole bytes parts { name source } } }',
)
const RunMutation = graphql('mutation BackUpDevice { runBackups { operationId } }')

/** Backups of the whole device: passphrase, place, making one, getting it, and the way back. */
export function DeviceBackups() {
  const settings = createLiveQuery(SettingsQuery, () => ({}))
  const { follow } = createKeeping(() => undefined)
  const run = async () => follow((await act(RunMutation, {}))?.runBackups)
  return (
    <>
      <p class="text-quiet max-w-[68ch] mb-5">{texts.deviceAbout}</p>
      <Loaded query={settings}>
        {(data) => (
          <>
            <Show when={data.backupTarget.problem && data.backupSettings.hasPassphrase && data.backupTarget.problem}>
              {(problem) => <Notice tone="warn">{problem()}</Notice>}
            </Show>
            <div class="flex flex-wrap gap-2 mb-5">
              <Button kind="main" icon="backups" disabled={!data.backupSettings.hasPassphrase} onClick={run}>
                {texts.backUpDevice}
              </Button>
              <Show when={data.backupSettings.hasPassphrase}>
                <PreviewButton
                  of={{ type: 'backup.run', input: { only: ['device'] } }}
                  go={run}
                  about={texts.backUpDevice}
                />
              </Show>
            </div>
            <div class="grid gap-4 lg:grid-cols-2 items-start">
              <Passphrase isSet={data.backupSettings.hasPassphrase} changed={settings.refresh} />
              <Repository place={data.backupSettings.repository ?? ''} changed={settings.refresh} />
            </div>
          </>
        )}
      </Loaded>
      <Section title={texts.views.list}>
        <List />
      </Section>
      <Section title={texts.howTo}>
        <ol class="card p-5 grid gap-3 list-decimal list-inside">
          <For each={texts.steps}>
            {([what, command]) => (
              <li>
                {what}
                <Show when={command}>
                  <code class="block mt-1 ml-5 text-sm wrap-anywhere">{command}</code>
                </Show>
              </li>
            )}
          </For>
        </ol>
      </Section>
    </>
  )
}

function List() {
  const query = createLiveQuery(ListQuery, () => ({}))
  return (
    <Loaded query={query}>
      {(data) => (
        <BackupRows
          of={data.backups}
          instance={undefined}
          label={texts.views.device}
          none={[texts.deviceNone, texts.deviceNoneAbout]}
        >
          {(backup) => (
            <Show when={backup.whole}>
              <Button
                aria-label={`${texts.download} ${backup.id}`}
                onClick={() => saveLarge(`/backups/${backup.id}/file`, `${backup.id}.wild`, showFailure)}
              >
                {texts.download}
              </Button>
            </Show>
          )}
        </BackupRows>
      )}
    </Loaded>
  )
}
