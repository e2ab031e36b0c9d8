import { A, useNavigate, useParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { clusterText as texts } from '../strings/cluster.ts'
import { Button, Empty, Fact, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { PreviewButton } from '../ui/plan.tsx'
import { Running } from '../ui/running.tsx'
import { ClusterAccess, createAccess } from './cluster/access.tsx'
import { ClusterChanges } from './cluster/changes.tsx'
import { ClusterHealth } from './cluster/health.tsx'
import { ResetCluster } from './cluster/reset.tsx'
import { createSnapshots, Snapshots } from './cluster/snapshots.tsx'

const ClusterQuery = graphql(`
  query Cluster($instance: String!) {
    cluster(instance: $instance) { status nodes controlPlaneNodes workerNodes kubernetesVersion talosVersion }
  }
`)
const BootstrapMutation = graphql(
  'mutation Bootstrap($instance: String!) { bootstrapCluster(instance: $instance) { operationId } }',
)

export default function ClusterPage() {
  const params = useParams<{ instance: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(
    ClusterQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )
  const access = createAccess(() => params.instance)
  const snapshots = createSnapshots(() => params.instance)

  async function bootstrap(): Promise<void> {
    const done = await act(BootstrapMutation, { instance: params.instance })
    if (done) navigate(`/operations/${done.bootstrapCluster.operationId}`)
  }

  return (
    <>
      <PageHeader title={texts.title} about={texts.about}>
        {/* A cluster that is well has nothing left to bootstrap. */}
        <Show when={query.data?.cluster.status !== 'ready' && query.data}>
          {(data) => (
            <>
              <PreviewButton of={{ type: 'cluster.bootstrap', input: { instance: params.instance } }} go={bootstrap} />
              <Show
                when={data().cluster.status === 'not_bootstrapped'}
                fallback={<Button onClick={bootstrap}>{texts.bootstrapAgain}</Button>}
              >
                <Button kind="main" onClick={bootstrap}>
                  {texts.bootstrap}
                </Button>
              </Show>
            </>
          )}
        </Show>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-5 mb-5">
              <Fact name={texts.status}>
                <Status value={data.cluster.status} />
              </Fact>
              <Fact name={texts.controlPlanes}>{data.cluster.controlPlaneNodes}</Fact>
              <Fact name={texts.workers}>{data.cluster.workerNodes}</Fact>
              <Fact name={texts.kubernetes}>{data.cluster.kubernetesVersion ?? '–'}</Fact>
              <Fact name={texts.talos}>{data.cluster.talosVersion ?? '–'}</Fact>
            </dl>
            <Show
              when={data.cluster.status !== 'not_bootstrapped'}
              fallback={
                <Empty title={texts.none} icon="cluster">
                  {texts.noneAbout}
                  <Show when={data.cluster.nodes === 0}>
                    <A class="link block mt-3" href={`/instances/${params.instance}/nodes`}>
                      {texts.toNodes}
                    </A>
                  </Show>
                </Empty>
              }
            >
              <ClusterHealth instance={params.instance} />
              <ClusterAccess instance={params.instance} query={access} />
            </Show>
            <Snapshots
              instance={params.instance}
              bootstrapped={data.cluster.status !== 'not_bootstrapped'}
              query={snapshots}
            />
            <Show when={data.cluster.status !== 'not_bootstrapped'}>
              <ClusterChanges
                instance={params.instance}
                talos={data.cluster.talosVersion}
                kubernetes={data.cluster.kubernetesVersion}
              />
              <ResetCluster instance={params.instance} />
            </Show>
          </>
        )}
      </Loaded>
    </>
  )
}
