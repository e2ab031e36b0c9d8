import { useParams, useSearchParams } from '@solidjs/router'
import type { ResultOf } from 'gql.tada'
import { Match, Show, Switch } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { servicePage as texts } from '../strings/service.ts'
import { PageHeader, Skeleton } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { ServiceHeader } from './service/header.tsx'
import { ServiceHealth } from './service/health.tsx'
import { ServiceOverview } from './service/overview.tsx'
import { ServiceSettings } from './service/settings.tsx'
import { ServiceUpdate } from './service/update.tsx'
import { NotThere, WorkloadViews } from './workload/views.tsx'

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

type Shown = ResultOf<typeof ServiceQuery>['service']
const views = ['overview', 'health', 'settings', 'log', 'events', 'drift'] as const
type View = (typeof views)[number]

/** What can be looked at: before it is installed there is nothing in the cluster, of settings alone there never is. */
function viewsOf(service: Shown | undefined): readonly View[] {
  if (service?.status === 'not_installed') return ['overview', 'settings']
  if (service?.settingsOnly) return ['overview', 'health', 'settings']
  return views
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
  const service = () => query.data?.service
  const open = () => viewsOf(service())
  const view = () => open().find((each) => each === search.view) ?? 'overview'
  const gone = () => (query.failure && !query.data ? query.failure : undefined)

  return (
    <Show
      when={!gone()}
      fallback={
        <NotThere
          name={params.service}
          failure={gone()!}
          all={`/instances/${params.instance}/services`}
          back={texts.back}
        />
      }
    >
      <Show when={service()} fallback={<PageHeader title={params.service} />}>
        {(there) => <ServiceHeader instance={params.instance} service={there()} />}
      </Show>
      <Running instance={params.instance} />
      <Show when={service()?.newVersion}>
        {(version) => (
          <ServiceUpdate
            instance={params.instance}
            service={params.service}
            title={service()!.title}
            version={version()}
          />
        )}
      </Show>
      {/* Which views there are is known once it is known whether it is installed: none comes and goes again. */}
      <Show when={service()} fallback={<div class="h-[2.3125rem] border-b border-line mb-5" />}>
        <Tabs
          label={texts.tabsLabel}
          tabs={open().map((id) => ({ id, title: texts.tabs[id] }))}
          value={view()}
          onChange={(id) => setSearch({ view: id === 'overview' ? undefined : id })}
        />
      </Show>
      <div role="tabpanel" id={`view-${view()}`} aria-label={texts.tabs[view()]}>
        {/* Another service begins anew: nothing typed or read of the one before stays. */}
        <Show when={`${params.instance} ${params.service}`} keyed>
          <OneView instance={params.instance} name={params.service} view={view()} service={service()} />
        </Show>
      </div>
    </Show>
  )
}

/** The view that is open. It asks for what it shows at once, beside the page itself: one round for everything. */
function OneView(props: { instance: string; name: string; view: View; service: Shown | undefined }) {
  return (
    <Switch fallback={<WorkloadViews instance={props.instance} kind="service" name={props.name} view={props.view} />}>
      <Match when={props.view === 'overview'}>
        <Show when={props.service} fallback={<Skeleton />}>
          {(service) => <ServiceOverview instance={props.instance} service={service()} />}
        </Show>
      </Match>
      <Match when={props.view === 'health'}>
        <ServiceHealth instance={props.instance} service={props.name} title={props.service?.title ?? props.name} />
      </Match>
      <Match when={props.view === 'settings'}>
        <Show when={props.service} fallback={<Skeleton />}>
          {(service) => <ServiceSettings instance={props.instance} service={service()} />}
        </Show>
      </Match>
    </Switch>
  )
}
