import { A, useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { createClock } from '../ui/clock.ts'
import { Button, Empty, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { ago, duration } from '../ui/time.ts'

const OperationsQuery = graphql(`
  query Operations($instance: String, $status: OperationStatus, $type: String, $before: String, $limit: Int!) {
    operations(instance: $instance, status: $status, type: $type, before: $before, limit: $limit) {
      operationId title type instance status progress message createdAt startedAt completedAt via
    }
    instances { name }
    operationTypes
  }
`)
const statuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const
const pageSize = 50

export default function OperationsPage() {
  const [search, setSearch] = useSearchParams<{ status?: string; instance?: string; type?: string; before?: string }>()
  const status = () => statuses.find((known) => known === search.status) ?? null
  const filtered = () => Boolean(status() || search.instance || search.type)
  const now = createClock()
  const query = createLiveQuery(OperationsQuery, () => ({
    status: status(),
    instance: search.instance || null,
    type: search.type || null,
    before: search.before || null,
    // One more than is shown tells whether there are older ones.
    limit: pageSize + 1,
  }))
  /** Another choice starts at the newest again. */
  const choose = (name: 'status' | 'instance' | 'type', value: string) =>
    setSearch({ [name]: value || undefined, before: undefined })

  return (
    <>
      <PageHeader
        title="Operations"
        about="Everything long that was asked for, by whom and how it went. Open one to see its steps and log."
      >
        <Filter
          name="Instance"
          any="Every instance"
          value={search.instance}
          options={query.data?.instances.map(({ name }) => name) ?? []}
          onChoose={(value) => choose('instance', value)}
        />
        <Filter
          name="Type"
          any="Every type"
          value={search.type}
          options={query.data?.operationTypes ?? []}
          onChoose={(value) => choose('type', value)}
        />
        <Filter
          name="Status"
          any="Every status"
          value={status() ?? undefined}
          options={[...statuses]}
          onChoose={(value) => choose('status', value)}
        />
      </PageHeader>
      <Loaded query={query}>
        {(data) => (
          <Show
            when={data.operations.length}
            fallback={
              <Empty title={filtered() || search.before ? 'None like that' : 'Nothing here yet'}>
                Operations appear as soon as something is set up, installed or deployed.
              </Empty>
            }
          >
            <ul class="card divide-y divide-line">
              <For each={data.operations.slice(0, pageSize)}>
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
      <nav class="flex gap-2 mt-4" aria-label="Pages">
        <Show when={search.before}>
          <Button onClick={() => setSearch({ before: undefined })}>Newest</Button>
        </Show>
        <Show when={(query.data?.operations.length ?? 0) > pageSize}>
          <Button onClick={() => setSearch({ before: query.data!.operations[pageSize - 1]!.operationId })}>
            Older
          </Button>
        </Show>
      </nav>
    </>
  )
}

/** One choice among the values of a field, or any. A value of the address that is not known is offered too. */
function Filter(props: {
  name: string
  any: string
  value: string | undefined
  options: readonly string[]
  onChoose(value: string): void
}) {
  const options = () =>
    props.value && !props.options.includes(props.value) ? [props.value, ...props.options] : props.options
  return (
    <select
      class="field !w-auto"
      aria-label={props.name}
      onChange={(event) => props.onChoose(event.currentTarget.value)}
    >
      <option value="">{props.any}</option>
      <For each={options()}>
        {(option) => (
          <option value={option} selected={option === props.value}>
            {option}
          </option>
        )}
      </For>
    </select>
  )
}
