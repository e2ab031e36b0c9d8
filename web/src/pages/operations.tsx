import { A, useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { createClock } from '../ui/clock.ts'
import { Empty, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { ago, duration } from '../ui/time.ts'

const OperationsQuery = graphql(`
  query Operations($status: OperationStatus) {
    operations(status: $status, limit: 100) { operationId title type instance status progress message createdAt startedAt completedAt via }
  }
`)
const statuses = ['running', 'completed', 'failed', 'cancelled'] as const

export default function OperationsPage() {
  const [search, setSearch] = useSearchParams<{ status?: string }>()
  const status = () => statuses.find((known) => known === search.status) ?? null
  const now = createClock()
  const query = createLiveQuery(OperationsQuery, () => ({ status: status() }))
  return (
    <>
      <PageHeader
        title="Operations"
        about="Everything long that was asked for, by whom and how it went. Open one to see its steps and log."
      >
        <select
          class="field !w-auto"
          aria-label="Status"
          value={status() ?? ''}
          onChange={(event) => setSearch({ status: event.currentTarget.value || undefined })}
        >
          <option value="">All</option>
          <For each={statuses}>{(name) => <option value={name}>{name}</option>}</For>
        </select>
      </PageHeader>
      <Loaded query={query}>
        {(data) => (
          <Show
            when={data.operations.length}
            fallback={
              <Empty title={status() ? `None is ${status()}` : 'Nothing here yet'}>
                Operations appear as soon as something is set up, installed or deployed.
              </Empty>
            }
          >
            <ul class="card divide-y divide-line">
              <For each={data.operations}>
                {(operation) => (
                  <li>
                    <A
                      href={`/operations/${operation.operationId}`}
                      class="grid gap-x-4 gap-y-0.5 grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_auto_8rem] items-center px-4 py-3 hover:bg-raised"
                    >
                      <span class="wrap-anywhere">
                        {operation.title}
                        <span class="text-quiet text-sm block truncate">
                          {operation.status === 'completed' ? `asked by ${operation.via}` : operation.message}
                        </span>
                      </span>
                      <span class="text-sm text-quiet tabular-nums max-sm:row-start-2 max-sm:col-span-2">
                        {ago(operation.createdAt, now())} ·{' '}
                        {duration(operation.startedAt, operation.completedAt, now())}
                      </span>
                      <Status value={operation.status} busy />
                    </A>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
    </>
  )
}
