import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { instancesText } from '../strings/instances.ts'
import { Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { AdoptForm } from './instances/adopt.tsx'
import { ImportForm } from './instances/import.tsx'
import { ImportHome } from './instances/import-home.tsx'
import { Trash } from './instances/trash.tsx'
import { NameForm } from './start/name.tsx'
import { Beginning } from './start.tsx'

const InstancesQuery = graphql(
  'query Instances { instances { name description status nodeCount serviceCount appCount } }',
)

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
            <AdoptForm />
            <ImportHome />
            <ImportForm />
            <Trash />
          </>
        )}
      </Loaded>
    </>
  )
}
