import { useParams, useSearchParams } from '@solidjs/router'
import type { ResultOf } from 'gql.tada'
import { Match, Show, Switch } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { appPage as texts } from '../strings/app.ts'
import { Skeleton } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AppBackups } from './app/backups.tsx'
import { AppDoctor } from './app/doctor.tsx'
import { AppHeader, AwaitedHeader } from './app/header.tsx'
import { NewVersion } from './app/new-version.tsx'
import { AppOverview } from './app/overview.tsx'
import { AppSecrets } from './app/secrets.tsx'
import { AppSettings } from './app/settings.tsx'
import { NotThere, WorkloadViews } from './workload/views.tsx'

const AppQuery = graphql(`
  query App($instance: String!, $app: String!) {
    app(instance: $instance, app: $app) {
      name title status version newVersion url pods trouble notes dependencyList { name status }
      settings { name type title help choices value }
    }
    backups(instance: $instance, app: $app) { createdAt whole }
  }
`)
type Shown = ResultOf<typeof AppQuery>
const views = ['overview', 'settings', 'log', 'events', 'doctor', 'backups', 'drift'] as const

/** One app: how it is, and everything that can be done with it. */
export default function AppPage() {
  const params = useParams<{ instance: string; app: string }>()
  const [search, setSearch] = useSearchParams<{ view?: string }>()
  const view = () => views.find((each) => each === search.view) ?? 'overview'
  const query = createLiveQuery(
    AppQuery,
    () => ({ instance: params.instance, app: params.app }),
    about(() => params.instance),
  )
  const gone = () => (query.failure && !query.data ? query.failure : undefined)

  return (
    <Show
      when={!gone()}
      fallback={
        <NotThere name={params.app} failure={gone()!} all={`/instances/${params.instance}/apps`} back={texts.back} />
      }
    >
      <Show when={query.data} fallback={<AwaitedHeader app={params.app} />}>
        {(data) => <AppHeader instance={params.instance} app={data().app} />}
      </Show>
      <Running instance={params.instance} />
      <Show when={query.data?.app.newVersion}>
        {(version) => (
          <NewVersion instance={params.instance} app={params.app} title={query.data!.app.title} version={version()} />
        )}
      </Show>
      <Tabs
        label={texts.tabsLabel}
        tabs={views.map((id) => ({ id, title: texts.tabs[id] }))}
        value={view()}
        onChange={(id) => setSearch({ view: id === 'overview' ? undefined : id })}
      />
      <div role="tabpanel" id={`view-${view()}`} aria-label={texts.tabs[view()]}>
        {/* Another app begins anew: nothing typed or read of the one before stays. */}
        <Show when={`${params.instance} ${params.app}`} keyed>
          <View of={{ instance: params.instance, app: params.app }} view={view()} data={query.data} />
        </Show>
      </div>
    </Show>
  )
}

/** The view that is open. It asks for what it shows at once, beside the page itself: one round for everything. */
function View(props: { of: { instance: string; app: string }; view: (typeof views)[number]; data: Shown | undefined }) {
  return (
    <Switch fallback={<WorkloadViews instance={props.of.instance} kind="app" name={props.of.app} view={props.view} />}>
      <Match when={props.view === 'overview'}>
        <Show when={props.data} fallback={<Skeleton />}>
          {(data) => (
            <AppOverview
              instance={props.of.instance}
              app={data().app}
              lastBackup={data().backups.find(({ whole }) => whole)?.createdAt}
            />
          )}
        </Show>
      </Match>
      <Match when={props.view === 'settings'}>
        <Show when={props.data} fallback={<Skeleton />}>
          {(data) => <AppSettings {...props.of} runs={data().app.pods > 0} settings={data().app.settings} />}
        </Show>
        <div class="mt-5">
          <AppSecrets {...props.of} />
        </div>
      </Match>
      <Match when={props.view === 'doctor'}>
        <AppDoctor {...props.of} />
      </Match>
      <Match when={props.view === 'backups'}>
        <AppBackups {...props.of} />
      </Match>
    </Switch>
  )
}
