import { useParams, useSearchParams } from '@solidjs/router'
import { lazy, Match, Show, Suspense, Switch } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { servicePage as texts } from '../strings/service.ts'
import { FailureNotice, PageHeader, Skeleton } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { ServiceHeader } from './service/header.tsx'
import { ServiceHealth } from './service/health.tsx'
import { ServiceOverview } from './service/overview.tsx'
import { ServiceSettings } from './service/settings.tsx'
import { ServiceUpdate } from './service/update.tsx'
import { WorkloadDrift } from './workload/drift.tsx'
import { WorkloadEvents } from './workload/events.tsx'

/** Comes in when it is looked at: a list of many lines weighs something. */
const WorkloadLog = lazy(() => import('./workload/log.tsx'))

const ServiceQuery = graphql(`
  query Service($instance: String!, $service: String!) {
    service(instance: $instance, service: $service) {
      name title description about status version newVersion core onRequest pods trouble
      settingsOnly takesToken missingSettings missingSecrets
      dependencyList { name title status }
      dependentList { name title status }
      settings { name type title help choices default value }
      secrets { path kind optional description isSet }
    }
  }
`)

/** What can be looked at: before it is installed there is nothing in the cluster, of settings alone there never is. */
function viewsOf({ status, settingsOnly }: { status: string; settingsOnly: boolean }) {
  if (status === 'not_installed') return ['overview', 'settings'] as const
  if (settingsOnly) return ['overview', 'health', 'settings'] as const
  return ['overview', 'health', 'settings', 'log', 'events', 'drift'] as const
}

/** One service: what it is for, how it is, and everything that can be done with it. */
export default function ServicePage() {
  const params = useParams<{ instance: string; service: string }>()
  const [search, setSearch] = useSearchParams<{ view?: string }>()
  const query = createLiveQuery(
    ServiceQuery,
    () => ({ instance: params.instance, service: params.service }),
    about(() => params.instance),
  )
  return (
    <>
      <Show when={query.failure && !query.data}>
        <PageHeader title={params.service} />
        <FailureNotice
          failure={query.failure!}
          elsewhere={{ href: `/instances/${params.instance}/services`, text: texts.back }}
        />
      </Show>
      <Show
        when={query.data}
        fallback={
          <Show when={!query.failure}>
            <PageHeader title={params.service} />
            <Skeleton />
          </Show>
        }
      >
        {(data) => <ServiceHeader instance={params.instance} service={data().service} />}
      </Show>
      {/* Asked for beside the service, so that the page is there in one round. */}
      <Running instance={params.instance} />
      <Show when={query.data}>
        {(data) => {
          const service = () => data().service
          const of = () => ({ instance: params.instance, kind: 'service' as const, name: service().name })
          const views = () => viewsOf(service())
          const view = () => views().find((each) => each === search.view) ?? 'overview'
          return (
            <>
              <Show when={service().newVersion}>
                {(version) => (
                  <ServiceUpdate
                    instance={params.instance}
                    service={service().name}
                    title={service().title}
                    version={version()}
                  />
                )}
              </Show>
              <Tabs
                label={texts.tabsLabel}
                tabs={views().map((id) => ({ id, title: texts.tabs[id] }))}
                value={view()}
                onChange={(id) => setSearch({ view: id === 'overview' ? undefined : id })}
              />
              <div role="tabpanel" id={`view-${view()}`} aria-label={texts.tabs[view()]}>
                {/* Another service begins anew: nothing typed or read of the one before stays. */}
                <Show when={`${params.instance} ${service().name}`} keyed>
                  <Switch>
                    <Match when={view() === 'overview'}>
                      <ServiceOverview instance={params.instance} service={service()} />
                    </Match>
                    <Match when={view() === 'health'}>
                      <ServiceHealth instance={params.instance} service={service().name} title={service().title} />
                    </Match>
                    <Match when={view() === 'settings'}>
                      <ServiceSettings instance={params.instance} service={service()} />
                    </Match>
                    <Match when={view() === 'log'}>
                      <Suspense fallback={<Skeleton />}>
                        <WorkloadLog {...of()} />
                      </Suspense>
                    </Match>
                    <Match when={view() === 'events'}>
                      <WorkloadEvents {...of()} />
                    </Match>
                    <Match when={view() === 'drift'}>
                      <WorkloadDrift {...of()} />
                    </Match>
                  </Switch>
                </Show>
              </div>
            </>
          )
        }}
      </Show>
    </>
  )
}
