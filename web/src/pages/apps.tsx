import { A, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { apps as texts } from '../strings/apps.ts'
import { Empty, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { Catalog, type Offer } from './apps/catalog.tsx'

const AppsQuery = graphql(`
  query Apps($instance: String!) {
    apps(instance: $instance) { name title status version url }
    catalogApps { name title description version category dependencies }
  }
`)

/** The apps of an instance, and the catalog. */
export default function AppsPage() {
  const params = useParams<{ instance: string }>()
  const query = createLiveQuery(
    AppsQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )
  const at = (app: string) => `/instances/${params.instance}/apps/${app}`

  /** What is not added yet. */
  const offers = (data: { apps: { name: string }[]; catalogApps: Offer[] }) =>
    data.catalogApps.filter(({ name }) => !data.apps.some((app) => app.name === name))

  return (
    <>
      <PageHeader title={texts.title} about={texts.about} />
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Show
              when={data.apps.length}
              fallback={
                <Empty title={texts.noApps} icon="apps">
                  {texts.noAppsAbout}
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
            <h2 class="font-semibold text-heading mt-8 mb-3">{texts.catalog}</h2>
            <Show when={offers(data).length} fallback={<p class="text-quiet">{texts.allAdded}</p>}>
              <Catalog instance={params.instance} offers={offers(data)} />
            </Show>
          </>
        )}
      </Loaded>
    </>
  )
}
