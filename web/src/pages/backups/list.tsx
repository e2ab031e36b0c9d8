import { A, useNavigate } from '@solidjs/router'
import type { ResultOf } from 'gql.tada'
import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Loaded, Section } from '../../ui/page.tsx'
import { PreviewButton } from '../../ui/plan.tsx'
import { createRestore } from '../app/restore.tsx'
import { createKeeping } from './keep.ts'
import { restoreHome, takeEtcd } from './restore.tsx'
import { BackupRows } from './rows.tsx'
import { scheduleText } from './words.ts'

const BackupsQuery = graphql(`
  query BackupsAround($instance: String!) {
    backupTarget(instance: $instance) { kind place problem }
    backupSettings { enabled at everyHours only lastRun nextRun problems }
    apps(instance: $instance) { name title version }
  }
`)
/** Asked apart: a repository that does not answer must not take the rest of the page away. */
const ListQuery = graphql(`
  query Backups($instance: String!) {
    backups(instance: $instance) { id kind app appVersion createdAt reason whole bytes parts { name kind source rows files } }
  }
`)
const RunMutation = graphql(
  'mutation RunBackups($instance: String!) { runBackups(instance: $instance) { operationId } }',
)
const AppMutation = graphql(
  'mutation BackupApp($instance: String!, $app: String!) { backupApp(instance: $instance, app: $app) { operationId } }',
)

type Data = ResultOf<typeof BackupsQuery>
type Backup = ResultOf<typeof ListQuery>['backups'][number]

/** Backups of an instance, newest first, and making one. */
export function BackupList(props: { instance: string }) {
  const query = createLiveQuery(BackupsQuery, () => ({ instance: props.instance }))
  const { follow } = createKeeping(() => props.instance)
  const instance = () => props.instance
  const run = async () => follow((await act(RunMutation, { instance: instance() }))?.runBackups)
  const backUp = async (app: string) => follow((await act(AppMutation, { instance: instance(), app }))?.backupApp)

  return (
    <>
      <Loaded query={query}>
        {(data) => (
          <>
            <Where target={data.backupTarget} settings={data.backupSettings} />
            <div class="flex flex-wrap gap-2 my-5">
              <Button kind="main" icon="backups" onClick={run}>
                {texts.all}
              </Button>
              <PreviewButton of={{ type: 'backup.run', input: { instance: instance() } }} go={run} about={texts.all} />
            </div>
            <Show when={data.apps.length > 0}>
              <Section title={texts.oneApp}>
                <div class="flex flex-wrap gap-2">
                  <For each={data.apps}>
                    {({ name, title }) => (
                      <Button onClick={() => backUp(name)} aria-label={texts.backUp(title)}>
                        {title}
                      </Button>
                    )}
                  </For>
                </div>
              </Section>
            </Show>
          </>
        )}
      </Loaded>
      <div class="mt-8">
        <Section title={texts.views.list}>
          <Rows instance={instance()} apps={query.data?.apps ?? []} />
        </Section>
      </div>
    </>
  )
}

function Rows(props: { instance: string; apps: Data['apps'] }) {
  const query = createLiveQuery(ListQuery, () => ({ instance: props.instance }))
  const { follow } = createKeeping(() => props.instance)
  return (
    <Loaded query={query}>
      {(data) => (
        <BackupRows
          of={data.backups}
          instance={props.instance}
          label={texts.views.list}
          none={[texts.none, texts.noneAbout]}
        >
          {(backup) => (
            <Show when={backup.whole}>
              <Show when={backup.app}>
                {(app) => <AppRestore instance={props.instance} app={app()} of={backup} apps={props.apps} />}
              </Show>
              <Show when={backup.kind === 'home'}>
                <Button
                  aria-haspopup="dialog"
                  aria-label={`${texts.restore} ${backup.id}`}
                  onClick={async () => follow(await restoreHome(props.instance, backup.id))}
                >
                  {texts.restore}
                </Button>
              </Show>
              <Show when={backup.parts.some(({ kind }) => kind === 'etcd')}>
                <Button
                  aria-haspopup="dialog"
                  aria-label={`${texts.takeEtcd} ${backup.id}`}
                  onClick={async () => follow(await takeEtcd(props.instance, backup.id))}
                >
                  {texts.takeEtcd}
                </Button>
              </Show>
            </Show>
          )}
        </BackupRows>
      )}
    </Loaded>
  )
}

/** Restores an app, also one that is gone meanwhile. */
function AppRestore(props: { instance: string; app: string; of: Backup; apps: Data['apps'] }) {
  const known = () => props.apps.find(({ name }) => name === props.app)
  const restore = createRestore(props, useNavigate())
  const now = () => ({
    title: known()?.title ?? props.app,
    version: known()?.version ?? props.of.appVersion ?? '',
  })
  return (
    <Button
      aria-haspopup="dialog"
      aria-label={`${texts.restore} ${props.of.id}`}
      onClick={() => restore(props.of, now())}
    >
      {texts.restore}
    </Button>
  )
}

/** In two sentences where backups go and when they are made, each with the way to change it. */
function Where(props: { target: Data['backupTarget']; settings: Data['backupSettings'] }) {
  return (
    <div class="grid gap-3">
      <Show when={props.target.problem}>{(problem) => <Notice tone="warn">{problem()}</Notice>}</Show>
      <p class="wrap-anywhere">
        <Show when={!props.target.problem}>
          {props.target.kind === 'restic' ? texts.keptIn(props.target.place) : texts.here}{' '}
        </Show>
        <A class="link" href="?view=target">
          {texts.elsewhere}
        </A>
        <br />
        {props.settings.enabled ? scheduleText(props.settings) : texts.noSchedule}{' '}
        <A class="link" href="?view=schedule">
          {texts.switchOn}
        </A>
      </p>
      <Show when={props.settings.problems.length > 0}>
        <Notice tone="warn">
          <p class="font-medium">{texts.problems}</p>
          <For each={props.settings.problems}>{(problem) => <p class="wrap-anywhere">{problem}</p>}</For>
        </Notice>
      </Show>
    </div>
  )
}
