import { A, useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { Button, Fact, Loaded, Notice, PageHeader, Status } from '../ui/parts.tsx'
import { PreviewButton } from '../ui/plan.tsx'
import { Running } from '../ui/running.tsx'
import { DeleteApp } from './app/delete.tsx'
import { NewVersion } from './app/new-version.tsx'
import { AppSettings } from './app/settings.tsx'

const AppQuery = graphql(`
  query App($instance: String!, $app: String!) {
    app(instance: $instance, app: $app) {
      name title status version namespace url pods healthyPods trouble notes newVersion
      settings { name type title help choices value }
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
    about(() => params.instance),
  )

  async function deploy(): Promise<void> {
    const done = await act(DeployMutation, { instance: params.instance, app: params.app })
    if (done) navigate(`/operations/${done.deployApp.operationId}`)
  }

  return (
    <>
      <PageHeader
        title={query.data?.app.title ?? params.app}
        about={query.data && <Status value={query.data.app.status} />}
      >
        <Show when={query.data}>
          {(data) => (
            <>
              <DeleteApp instance={params.instance} app={params.app} title={data().app.title} />
              <PreviewButton
                of={{ type: 'app.deploy', input: { instance: params.instance, app: params.app } }}
                go={deploy}
              />
              <Show
                when={data().app.status === 'running'}
                fallback={
                  <Button kind="main" onClick={deploy}>
                    Deploy
                  </Button>
                }
              >
                <Button onClick={deploy}>Deploy again</Button>
              </Show>
            </>
          )}
        </Show>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Show when={data.app.trouble}>
              <div class="mb-5">
                <Notice tone="warn">
                  <p class="wrap-anywhere">{data.app.trouble}</p>
                </Notice>
              </div>
            </Show>
            <Show when={data.app.newVersion}>
              {(version) => <NewVersion instance={params.instance} app={params.app} version={version()} />}
            </Show>
            <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-[2fr_1fr_1fr_1fr] mb-5">
              <Fact name="Address" class="col-span-2 sm:col-span-1">
                <Show when={data.app.url} fallback="–">
                  {(url) => (
                    <a class="link break-all" href={url()} target="_blank" rel="noreferrer">
                      {url()}
                    </a>
                  )}
                </Show>
              </Fact>
              <Fact name="Version">{data.app.version}</Fact>
              <Fact name="Namespace">{data.app.namespace}</Fact>
              <Fact name="Pods">
                {data.app.pods ? `${data.app.healthyPods} of ${data.app.pods} ready` : 'none yet'}
              </Fact>
            </dl>
            <Show when={data.app.notes}>
              <div class="mb-5">
                <Notice tone="accent">
                  <p class="whitespace-pre-line wrap-anywhere">{data.app.notes}</p>
                </Notice>
              </div>
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
                            {pod.restarts ? `, started ${pod.restarts + 1} times` : ''}
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
                          <A class="link" href={`/instances/${params.instance}/apps/${dependency.name}`}>
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
                <AppSettings
                  instance={params.instance}
                  app={params.app}
                  runs={data.app.pods > 0}
                  settings={data.app.settings}
                />
              </section>
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}
