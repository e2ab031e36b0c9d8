import { useParams, useSearchParams } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { appPage as texts } from '../strings/app.ts'
import { FailureNotice, PageHeader, Skeleton } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AppBackups } from './app/backups.tsx'
import { AppDoctor } from './app/doctor.tsx'
import { AppHeader } from './app/header.tsx'
import { NewVersion } from './app/new-version.tsx'
import { AppOverview } from './app/overview.tsx'
import { AppSecrets } from './app/secrets.tsx'
import { AppSettings } from './app/settings.tsx'
import { WorkloadDrift } from './workload/drift.tsx'
import { WorkloadEvents } from './workload/events.tsx'
import { WorkloadLog } from './workload/log.tsx'

const AppQuery = graphql(`
  query App($instance: String!, $app: String!) {
    app(instance: $instance, app: $app) {
      name title status version newVersion url pods trouble notes dependencyList { name status }
      settings { name type title help choices value }
    }
    backups(instance: $instance, app: $app) { createdAt whole }
  }
`)
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
  const of = () => ({ instance: params.instance, kind: 'app' as const, name: params.app })

  return (
    <>
      <Show when={query.failure && !query.data}>
        <PageHeader title={params.app} />
        <FailureNotice
          failure={query.failure!}
          elsewhere={{ href: `/instances/${params.instance}/apps`, text: texts.back }}
        />
      </Show>
      <Show when={!query.failure && !query.data}>
        <PageHeader title={params.app} />
        <Skeleton />
      </Show>
      <Show when={query.data}>
        {(data) => (
          <>
            <AppHeader instance={params.instance} app={data().app} />
            <Running instance={params.instance} />
            <Show when={data().app.newVersion}>
              {(version) => <NewVersion instance={params.instance} app={params.app} version={version()} />}
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
                <Switch>
                  <Match when={view() === 'overview'}>
                    <AppOverview
                      instance={params.instance}
                      app={data().app}
                      lastBackup={data().backups.find(({ whole }) => whole)?.createdAt}
                    />
                  </Match>
                  <Match when={view() === 'settings'}>
                    <AppSettings
                      instance={params.instance}
                      app={params.app}
                      runs={data().app.pods > 0}
                      settings={data().app.settings}
                    />
                    <div class="mt-5">
                      <AppSecrets instance={params.instance} app={params.app} />
                    </div>
                  </Match>
                  <Match when={view() === 'log'}>
                    <WorkloadLog {...of()} />
                  </Match>
                  <Match when={view() === 'events'}>
                    <WorkloadEvents {...of()} />
                  </Match>
                  <Match when={view() === 'doctor'}>
                    <AppDoctor instance={params.instance} app={params.app} />
                  </Match>
                  <Match when={view() === 'backups'}>
                    <AppBackups
                      instance={params.instance}
                      app={params.app}
                      title={data().app.title}
                      version={data().app.version}
                    />
                  </Match>
                  <Match when={view() === 'drift'}>
                    <WorkloadDrift {...of()} />
                  </Match>
                </Switch>
              </Show>
            </div>
          </>
        )}
      </Show>
    </>
  )
}
