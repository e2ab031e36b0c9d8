import { A, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { createClock } from '../ui/clock.ts'
import { Fact, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { ago, duration } from '../ui/time.ts'
import { ExportForm } from './overview/export.tsx'
import { MissingSettings } from './overview/missing-settings.tsx'
import { Phases } from './overview/phases.tsx'

const OverviewQuery = graphql(`
  query Overview($instance: String!) {
    instance(instance: $instance) { name description status nodeCount serviceCount appCount createdAt }
    phases(instance: $instance) { name complete checks { name ok message remedy } }
    configKeys(instance: $instance) { path kind help question default required isSet suggestion }
    apps(instance: $instance) { name title status url }
    operations(instance: $instance, limit: 6) { operationId title status completedAt startedAt createdAt }
  }
`)

export default function OverviewPage() {
  const params = useParams<{ instance: string }>()
  const now = createClock()
  const query = createLiveQuery(
    OverviewQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )

  return (
    <>
      <PageHeader title={params.instance} about={query.data?.instance.description}>
        <Show when={query.data}>{(data) => <Status value={data().instance.status} />}</Show>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Show when={data.phases.some(({ complete }) => !complete)}>
              <Phases phases={data.phases}>
                <MissingSettings
                  instance={params.instance}
                  keys={data.configKeys.filter(({ required, isSet }) => required && !isSet)}
                />
              </Phases>
            </Show>
            <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-4 mb-6">
              <Fact name="Nodes">{data.instance.nodeCount}</Fact>
              <Fact name="Services">{data.instance.serviceCount}</Fact>
              <Fact name="Apps">{data.instance.appCount}</Fact>
              <Fact name="Created">{ago(data.instance.createdAt, now())}</Fact>
            </dl>
            <Show when={data.apps.length}>
              <h2 class="font-semibold mb-2">Apps</h2>
              <ul class="grid gap-3 sm:grid-cols-2 mb-6">
                <For each={data.apps}>
                  {(app) => (
                    <li class="card p-4 flex gap-3 items-center">
                      <img src={`/icons/apps/${app.name}.svg`} alt="" class="size-9" />
                      <span class="grow min-w-0">
                        <A class="font-medium hover:underline" href={`/instances/${params.instance}/apps/${app.name}`}>
                          {app.title}
                        </A>
                        <Show when={app.url}>
                          {(url) => (
                            <a class="link text-sm block truncate" href={url()} target="_blank" rel="noreferrer">
                              {url().replace(/^https?:\/\//, '')}
                            </a>
                          )}
                        </Show>
                      </span>
                      <Status value={app.status} />
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <h2 class="font-semibold mb-2">Latest operations</h2>
            <Show when={data.operations.length} fallback={<p class="text-quiet">Nothing has run yet.</p>}>
              <ul class="card divide-y divide-line overflow-hidden">
                <For each={data.operations}>
                  {(operation) => (
                    <li>
                      <A
                        href={`/operations/${operation.operationId}`}
                        class="grid gap-x-4 grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_auto_8rem] items-center px-4 py-3 hover:bg-raised"
                      >
                        <span class="wrap-anywhere">{operation.title}</span>
                        <span class="text-sm text-quiet tabular-nums max-sm:row-start-2">
                          {ago(operation.createdAt, now())} ·{' '}
                          {duration(operation.startedAt, operation.completedAt, now())}
                        </span>
                        <Status value={operation.status} busy />
                      </A>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <ExportForm instance={params.instance} />
          </>
        )}
      </Loaded>
    </>
  )
}
