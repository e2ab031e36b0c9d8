import { A, useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Button, Fact, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'

const AppQuery = graphql(`
  query App($instance: String!, $app: String!) {
    app(instance: $instance, app: $app) {
      name title status version namespace url pods healthyPods config trouble notes
      podList { name status ready restarts } dependencyList { name status }
    }
  }
`)
const DeployMutation = graphql(
  'mutation DeployApp($instance: String!, $app: String!) { deployApp(instance: $instance, app: $app) { operationId } }',
)

export default function AppPage() {
  const params = useParams<{ instance: string; app: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(
    AppQuery,
    () => ({ instance: params.instance, app: params.app }),
    () => params.instance,
  )

  async function deploy(): Promise<void> {
    const done = await act(DeployMutation, { instance: params.instance, app: params.app })
    if (done) navigate(`/operations/${done.deployApp.operationId}`)
  }

  return (
    <Loaded query={query}>
      {(data) => (
        <>
          <PageHeader title={data.app.title} about={<Status value={data.app.status} />}>
            <Button kind="main" onClick={deploy}>
              Deploy
            </Button>
          </PageHeader>
          <Running instance={params.instance} />
          <Show when={data.app.trouble}>
            <p class="card p-3 mb-4 border-l-4 border-l-warn">{data.app.trouble}</p>
          </Show>
          <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-4 mb-5">
            <Fact name="Address">
              <Show when={data.app.url} fallback="–">
                {(url) => (
                  <a class="text-accent underline break-all" href={url()} target="_blank" rel="noreferrer">
                    {url()}
                  </a>
                )}
              </Show>
            </Fact>
            <Fact name="Version">{data.app.version}</Fact>
            <Fact name="Namespace">{data.app.namespace}</Fact>
            <Fact name="Pods">
              {data.app.healthyPods} of {data.app.pods} ready
            </Fact>
          </dl>
          <Show when={data.app.notes}>
            <p class="card p-4 mb-5 whitespace-pre-line">{data.app.notes}</p>
          </Show>
          <div class="grid gap-5 lg:grid-cols-2">
            <section class="card p-4 min-w-0">
              <h2 class="font-semibold mb-2">Pods</h2>
              <Show when={data.app.podList.length} fallback={<p class="text-quiet">None run yet.</p>}>
                <ul class="grid gap-2 text-sm">
                  <For each={data.app.podList}>
                    {(pod) => (
                      <li class="flex flex-wrap justify-between gap-2">
                        <code class="break-all">{pod.name}</code>
                        <span class="text-quiet">
                          {pod.status}
                          {pod.ready ? ', ready' : ''}
                          {pod.restarts ? `, ${pod.restarts} restarts` : ''}
                        </span>
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
              <Show when={data.app.dependencyList.length}>
                <h2 class="font-semibold mt-4 mb-2">Needs</h2>
                <ul class="grid gap-2">
                  <For each={data.app.dependencyList}>
                    {(dependency) => (
                      <li class="flex justify-between gap-2">
                        <A class="underline" href={`/instances/${params.instance}/apps/${dependency.name}`}>
                          {dependency.name}
                        </A>
                        <Status value={dependency.status} />
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
            </section>
            <section class="card p-4 min-w-0">
              <h2 class="font-semibold mb-2">Settings</h2>
              <pre class="text-sm whitespace-pre-wrap break-words">{JSON.stringify(data.app.config, null, 2)}</pre>
            </section>
          </div>
        </>
      )}
    </Loaded>
  )
}
