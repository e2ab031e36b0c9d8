import { A } from '@solidjs/router'
import { type Component, createSignal, For, lazy, Show, Suspense } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { instancesText } from '../strings/instances.ts'
import { Loaded, PageHeader, Skeleton, Status } from '../ui/parts.tsx'
import { Trash } from './instances/trash.tsx'
import { Beginning } from './start/beginning.tsx'
import { NameForm } from './start/name.tsx'

const InstancesQuery = graphql(
  'query Instances { instances { name description status nodeCount serviceCount appCount } }',
)

/** Seldom wanted: they come in when they are unfolded. */
const AdoptForm = lazy(() => import('./instances/adopt.tsx'))
const ImportHome = lazy(() => import('./instances/import-home.tsx'))
const ImportForm = lazy(() => import('./instances/import.tsx'))

export default function InstancesPage() {
  const query = createLiveQuery(InstancesQuery, () => ({}))
  return (
    <>
      <Show when={query.data?.instances.length !== 0}>
        <PageHeader title={instancesText.title} about={instancesText.about} />
      </Show>
      <Loaded query={query}>
        {(data) => (
          <>
            <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 not-empty:mb-8">
              <For each={data.instances}>
                {(instance) => (
                  <A href={`/instances/${instance.name}`} class="card p-5 block hover:bg-raised">
                    <div class="flex justify-between items-center gap-2">
                      <h2 class="font-semibold text-lg min-w-0 wrap-anywhere">{instance.name}</h2>
                      <Status value={instance.status} />
                    </div>
                    <Show when={instance.description}>
                      <p class="text-quiet mt-1 wrap-anywhere">{instance.description}</p>
                    </Show>
                    <p class="text-quiet text-sm mt-3">
                      {instancesText.holds(instance.nodeCount, instance.serviceCount, instance.appCount)}
                    </p>
                  </A>
                )}
              </For>
            </div>
            <Show when={data.instances.length} fallback={<Beginning first />}>
              <NameForm first={false} />
            </Show>
            <Folded title={instancesText.adopt.title} form={AdoptForm} />
            <Folded title={instancesText.fromHome.title} form={ImportHome} />
            <Folded title={instancesText.fromFile.title} form={ImportForm} />
            <Trash />
          </>
        )}
      </Loaded>
    </>
  )
}

/** A form behind its title, drawn once somebody wants it. */
function Folded(props: { title: string; form: Component }) {
  const [wanted, setWanted] = createSignal(false)
  return (
    <details class="card p-5 max-w-3xl mt-4" onToggle={(event) => event.currentTarget.open && setWanted(true)}>
      <summary class="font-semibold">{props.title}</summary>
      <Show when={wanted()}>
        <Suspense fallback={<Skeleton rows={1} />}>
          <props.form />
        </Suspense>
      </Show>
    </details>
  )
}
