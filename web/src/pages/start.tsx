import { A, useNavigate, useParams } from '@solidjs/router'
import { createEffect, createSignal, For, Match, Show, Switch } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { start } from '../strings/start.ts'
import { FailureNotice, Icon, PageHeader, Skeleton } from '../ui/parts.tsx'
import { AppsStation } from './start/apps.tsx'
import { BuildStation } from './start/build.tsx'
import { MachinesStation } from './start/machines.tsx'
import { NameForm } from './start/name.tsx'
import { NetworkStation } from './start/network.tsx'
import { isAtWork } from './start/progress.tsx'
import { ReviewStation } from './start/review.tsx'
import { ServicesStation } from './start/services.tsx'
import { type Station, stationOf, stations } from './start/way.ts'

const WayQuery = graphql(`
  query Way($instance: String!) {
    phases(instance: $instance) { name complete }
    nodes(instance: $instance) { maintenance status }
    cluster(instance: $instance) { status }
    operations(instance: $instance, status: running, limit: 50) { type status }
  }
`)

/** From nothing to the first app. The address says where one is; without a station it is read from how things are. */
export default function StartPage() {
  const params = useParams<{ instance?: string; station?: string }>()
  return (
    <Show when={params.instance} keyed fallback={<Beginning first={false} />}>
      {(instance) => <Way instance={instance} station={stations.find((known) => known === params.station)} />}
    </Show>
  )
}

/** The first screen: what this is, and the first two questions. */
export function Beginning(props: { first: boolean }) {
  return (
    <>
      <div class="contours card px-6 py-10 sm:px-10 mb-6">
        <PageHeader title={start.title} about={start.about} />
        <Stepper at="name" reached="name" />
      </div>
      <NameForm first={props.first} />
    </>
  )
}

function Way(props: { instance: string; station: Station | undefined }) {
  const navigate = useNavigate()
  const query = createLiveQuery(
    WayQuery,
    () => ({ instance: props.instance }),
    about(() => props.instance),
  )
  const [going, setGoing] = createSignal(false)
  const reached = () =>
    query.data &&
    stationOf({
      phases: query.data.phases,
      nodes: query.data.nodes,
      clusterStatus: query.data.cluster.status,
      atWork: query.data.operations.filter(isAtWork),
    })
  const at = (station: Station) => `/start/${props.instance}/${station}`
  const go = (station: Station) => navigate(at(station))
  createEffect(() => {
    const known = reached()
    if (!props.station && known) navigate(at(known), { replace: true })
  })
  /** The name is given once; what was called for then is the next one. */
  const station = () => (props.station === 'name' ? 'network' : props.station)
  const texts = () => {
    const now = station()
    return now && start[now]
  }

  return (
    <>
      <PageHeader title={start.setUp(props.instance)}>
        <A class="link text-sm" href={`/instances/${props.instance}`}>
          {start.later}
        </A>
      </PageHeader>
      <Show when={query.failure}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <Show when={station()} fallback={<Skeleton />} keyed>
        {(now) => (
          <>
            <Stepper at={now} reached={reached() ?? now} href={at} />
            <div class="max-w-4xl mt-7">
              <h2 class="text-xl font-semibold tracking-tight">{texts()?.title}</h2>
              <p class="text-quiet mt-1 mb-5 max-w-[68ch]">{texts()?.about}</p>
              <Switch>
                <Match when={now === 'network'}>
                  <NetworkStation instance={props.instance} next={() => go('machines')} />
                </Match>
                <Match when={now === 'machines'}>
                  <MachinesStation instance={props.instance} next={() => go('review')} />
                </Match>
                <Match when={now === 'review'}>
                  <ReviewStation
                    instance={props.instance}
                    back={at('machines')}
                    next={() => {
                      setGoing(true)
                      go('build')
                    }}
                  />
                </Match>
                <Match when={now === 'build'}>
                  <BuildStation instance={props.instance} going={going()} next={() => go('services')} />
                </Match>
                <Match when={now === 'services'}>
                  <ServicesStation instance={props.instance} next={() => go('apps')} />
                </Match>
                <Match when={now === 'apps'}>
                  <AppsStation instance={props.instance} />
                </Match>
              </Switch>
            </div>
          </>
        )}
      </Show>
    </>
  )
}

/** The stations in a row: those behind can be gone back to, those ahead cannot be skipped to. */
function Stepper(props: { at: Station; reached: Station; href?(station: Station): string }) {
  const index = (station: Station) => stations.indexOf(station)
  const far = () => Math.max(index(props.reached), index(props.at))
  return (
    <ol class="flex gap-1.5">
      <For each={stations}>
        {(station, place) => {
          const done = () => place() < index(props.reached)
          const here = () => station === props.at
          const content = () => (
            <>
              <span
                class="block h-1 rounded-full mb-2"
                classList={{ 'bg-accent': done() || here(), 'bg-edge': !done() && !here() }}
              />
              <span
                class="flex gap-1.5 items-center text-small max-sm:sr-only"
                classList={{ 'font-semibold': here(), 'text-quiet': !here() }}
              >
                <Show when={done() && !here()}>
                  <Icon name="check" class="size-3.5 text-good" />
                </Show>
                {start.steps[station]}
              </span>
            </>
          )
          return (
            <li class="grow basis-0 min-w-0" aria-current={here() ? 'step' : undefined}>
              <Show when={props.href && station !== 'name' && place() <= far() && !here()} fallback={content()}>
                <A href={props.href!(station)} class="block" activeClass="" inactiveClass="">
                  {content()}
                </A>
              </Show>
            </li>
          )
        }}
      </For>
    </ol>
  )
}
