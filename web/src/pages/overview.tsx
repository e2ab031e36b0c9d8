import { A, useParams } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { overview } from '../strings/overview.ts'
import { start } from '../strings/start.ts'
import { createClock } from '../ui/clock.ts'
import { Icon, LinkButton, Loaded, PageHeader, Section, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { ago, duration } from '../ui/time.ts'
import { isOverdue, needs } from './overview/attention.ts'
import { DeleteInstance } from './overview/delete.tsx'
import { ExportForm } from './overview/export.tsx'
import { MissingSettings } from './overview/missing-settings.tsx'
import { Phases } from './overview/phases.tsx'
import { ClusterMap, DeviceMeters, HealthLine, Verdict } from './overview/pictures.tsx'

const OverviewQuery = graphql(`
  query Overview($instance: String!) {
    instance(instance: $instance) { name description status }
    phases(instance: $instance) { name complete checks { name ok message remedy } }
    configKeys(instance: $instance) { path kind help question default required isSet suggestion value }
    nodes(instance: $instance) { name role status reason maintenance ip targetIp }
    services(instance: $instance) { name title status trouble }
    apps(instance: $instance) { name title status url trouble }
    clusterHealth(instance: $instance) { status checks { name status message remedy } }
    clusterHealthEvents(instance: $instance, limit: 200) { name status at }
    operations(instance: $instance, limit: 30) {
      operationId type target title status message completedAt startedAt createdAt
    }
    backupSettings { enabled nextRun problems }
    status { device { diskFree diskTotal memoryFree memoryTotal load problems } }
  }
`)
const operationsShown = 6
const vipKey = 'cluster.nodes.control.vip'

export default function OverviewPage() {
  const params = useParams<{ instance: string }>()
  const now = createClock()
  const query = createLiveQuery(
    OverviewQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )
  const finished = () => query.data?.phases.every(({ complete }) => complete) === true
  // Of its own, so that a tick of the clock draws nothing anew.
  const overdue = createMemo(() => {
    const { data } = query
    const atWork = data?.operations.some(({ type, status }) => type === 'backup.run' && status === 'running')
    return data !== undefined && !atWork && isOverdue(data.backupSettings.nextRun, now())
  })
  const found = () => {
    const { data } = query
    if (!data) return []
    const bootstrapped = data.phases.some(({ name, complete }) => name === 'cluster' && complete)
    // Before there is a cluster, its health is no news.
    const checks = bootstrapped ? data.clusterHealth.checks : []
    const backups = { ...data.backupSettings, overdue: overdue() }
    return needs({ ...data, checks, backups }, params.instance)
  }
  const vip = () => String(query.data?.configKeys.find(({ path }) => path === vipKey)?.value ?? '–')

  return (
    <>
      <PageHeader title={params.instance} about={query.data?.instance.description}>
        <Show when={query.data}>
          {(data) => (
            <>
              <Status value={data().instance.status} />
              <Show when={!finished()}>
                <LinkButton kind="main" href={`/start/${params.instance}`} icon="play">
                  {start.goOn}
                </LinkButton>
              </Show>
            </>
          )}
        </Show>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Verdict needs={found()} finished={finished()} nodes={data.nodes.length} apps={data.apps.length} />
            <Show when={!finished()}>
              <Phases phases={data.phases}>
                <MissingSettings
                  instance={params.instance}
                  keys={data.configKeys.filter(({ required, isSet }) => required && !isSet)}
                />
              </Phases>
            </Show>
            <div class="grid gap-x-6 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem] items-start">
              <div class="min-w-0">
                <Show when={data.apps.length}>
                  <Section
                    title={overview.apps}
                    actions={
                      <A class="link text-sm" href={`/instances/${params.instance}/apps`}>
                        {overview.addApp}
                      </A>
                    }
                  >
                    <Apps instance={params.instance} apps={data.apps} />
                  </Section>
                </Show>
                <Show when={data.nodes.length}>
                  <Section title={overview.machines}>
                    <ClusterMap instance={params.instance} nodes={data.nodes} vip={vip()} />
                  </Section>
                </Show>
                <Section
                  title={overview.operations}
                  actions={
                    <A class="link text-sm" href={`/operations?instance=${params.instance}`}>
                      {overview.allOperations}
                    </A>
                  }
                >
                  <Latest operations={data.operations.slice(0, operationsShown)} now={now()} />
                </Section>
              </div>
              <aside class="grid gap-8 min-w-0">
                <Show when={data.clusterHealthEvents.length}>
                  <Section title={overview.health}>
                    <HealthLine events={data.clusterHealthEvents} now={now()} />
                  </Section>
                </Show>
                <Section title={overview.device}>
                  <DeviceMeters of={data.status.device} />
                </Section>
              </aside>
            </div>
            <ExportForm instance={params.instance} />
            <DeleteInstance instance={params.instance} status={data.instance.status} />
          </>
        )}
      </Loaded>
    </>
  )
}

interface ShownApp {
  name: string
  title: string
  status: string
  url: string | null
}

/** What the cloud is for: one click opens an app, one its page. */
function Apps(props: { instance: string; apps: readonly ShownApp[] }) {
  return (
    <ul class="grid gap-3 sm:grid-cols-2">
      <For each={props.apps}>
        {(app) => (
          <li class="card p-4 flex gap-3 items-center">
            <img src={`/icons/apps/${app.name}.svg`} alt="" class="size-10 rounded-lg" />
            <span class="grow min-w-0">
              <A class="font-medium hover:underline" href={`/instances/${props.instance}/apps/${app.name}`}>
                {app.title}
              </A>
              <span class="block">
                <Status value={app.status} />
              </span>
            </span>
            <Show when={app.url}>
              {(url) => (
                <a
                  class="grid place-items-center size-9 rounded-control border border-line text-quiet hover:text-text hover:bg-raised"
                  href={url()}
                  target="_blank"
                  rel="noreferrer"
                  aria-label={overview.open(app.title)}
                  title={url()}
                >
                  <Icon name="external" class="size-4" />
                </a>
              )}
            </Show>
          </li>
        )}
      </For>
    </ul>
  )
}

interface ShownOperation {
  operationId: string
  title: string
  status: string
  createdAt: string
  startedAt: string | null
  completedAt: string | null
}

function Latest(props: { operations: readonly ShownOperation[]; now: number }) {
  return (
    <Show when={props.operations.length} fallback={<p class="text-quiet">{overview.noOperations}</p>}>
      <ul class="card divide-y divide-line overflow-hidden">
        <For each={props.operations}>
          {(operation) => (
            <li>
              <A
                href={`/operations/${operation.operationId}`}
                class="grid gap-x-4 grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_auto_7rem] items-center px-4 py-3 hover:bg-raised focus-visible:-outline-offset-2"
              >
                <span class="wrap-anywhere text-sm">{operation.title}</span>
                <span class="text-small text-quiet tabular-nums max-sm:row-start-2">
                  {ago(operation.createdAt, props.now)} ·{' '}
                  {duration(operation.startedAt, operation.completedAt, props.now)}
                </span>
                <Status value={operation.status} busy />
              </A>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
