import { A, useNavigate, useParams } from '@solidjs/router'
import { createEffect, createSignal, Match, on, Show, Switch } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { start } from '../strings/start.ts'
import { FailureNotice, PageHeader, Skeleton } from '../ui/parts.tsx'
import { AppsStation } from './start/apps.tsx'
import { Beginning } from './start/beginning.tsx'
import { BuildStation } from './start/build.tsx'
import { MachinesStation } from './start/machines.tsx'
import { NetworkStation } from './start/network.tsx'
import { isAtWork } from './start/progress.tsx'
import { ReviewStation } from './start/review.tsx'
import { ServicesStation } from './start/services.tsx'
import { Stepper } from './start/stepper.tsx'
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
  // Somebody else began to build, in another window: what is decided before that is decided, here too. Who comes back to
  // one of these pages later stays there.
  createEffect(
    on(reached, (now, before) => {
      const ahead = props.station && stations.indexOf(props.station) < stations.indexOf('build')
      if (ahead && before && before !== 'build' && now === 'build') go('build')
    }),
  )
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
                    building={reached() === 'build'}
                    back={at('machines')}
                    build={at('build')}
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
