import { A, useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { Button, Empty, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'

const AppsQuery = graphql(`
  query Apps($instance: String!) {
    apps(instance: $instance) { name title status version url }
    catalogApps { name title description version category dependencies icon }
  }
`)
const AddMutation = graphql(
  'mutation AddApp($instance: String!, $name: String!) { addApp(instance: $instance, name: $name) { name } }',
)

export default function AppsPage() {
  const params = useParams<{ instance: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(
    AppsQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )
  const at = (app: string) => `/instances/${params.instance}/apps/${app}`

  async function add(name: string): Promise<void> {
    if (await act(AddMutation, { instance: params.instance, name })) navigate(at(name))
  }

  return (
    <>
      <PageHeader title="Apps" about="What this cloud is for." />
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Show
              when={data.apps.length}
              fallback={
                <Empty title="No apps yet">
                  Choose one below. Adding it only writes its settings; deploying starts it.
                </Empty>
              }
            >
              <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
                <For each={data.apps}>
                  {(app) => (
                    <li>
                      <A href={at(app.name)} class="card p-4 flex gap-3 items-center hover:bg-raised">
                        <img src={`/icons/apps/${app.name}.svg`} alt="" class="size-10" />
                        <span class="grow min-w-0">
                          <span class="font-semibold block truncate">{app.title}</span>
                          <span class="text-quiet text-sm block truncate">
                            {app.url?.replace(/^https?:\/\//, '') ?? app.version}
                          </span>
                        </span>
                        <Status value={app.status} />
                      </A>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <h2 class="font-semibold mt-8 mb-2">Catalog</h2>
            <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
              <For each={data.catalogApps.filter(({ name }) => !data.apps.some((app) => app.name === name))}>
                {(app) => (
                  <li class="card p-4 flex flex-col gap-2">
                    <div class="flex gap-3 items-center">
                      <img src={`/icons/apps/${app.name}.svg`} alt="" class="size-10" />
                      <div>
                        <h3 class="font-semibold">{app.title}</h3>
                        <p class="text-quiet text-sm">
                          {app.category} · {app.version}
                        </p>
                      </div>
                    </div>
                    <p class="text-sm grow">{app.description}</p>
                    <div class="flex justify-between items-center gap-2 text-sm">
                      <span class="text-quiet">
                        {app.dependencies.length ? `Brings ${app.dependencies.join(', ')} with it` : ''}
                      </span>
                      <Button onClick={() => add(app.name)} aria-label={`Add ${app.title}`}>
                        Add
                      </Button>
                    </div>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Loaded>
    </>
  )
}
