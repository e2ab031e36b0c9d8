import { createSignal, For, onCleanup, Show } from 'solid-js'
import { socket } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import { workload as texts } from '../../strings/workload.ts'
import { FailureNotice, Icon } from '../../ui/parts.tsx'
import { ago } from '../../ui/time.ts'
import type { Of } from './of.ts'

interface ClusterEvent {
  id: string
  at: string
  warning: boolean
  reason: string
  message: string
  plain: string | null
  object: string
  count: number
}

const query = `subscription ($instance: String!, $kind: WorkloadKind!, $name: String!) {
  workloadEvents(instance: $instance, kind: $kind, name: $name) { id at warning reason message plain object count } }`
const most = 200

/** What the cluster tells about it, newest first, as it happens. */
export function WorkloadEvents(props: Of) {
  const [events, setEvents] = createSignal<ClusterEvent[]>([])
  const [failure, setFailure] = createSignal<Failure>()
  const stop = socket.subscribe<{ workloadEvents: ClusterEvent }>(
    { query, variables: { instance: props.instance, kind: props.kind, name: props.name } },
    {
      next({ data, errors }) {
        setFailure(errors ? failureOf(errors) : undefined)
        if (!data) return
        const told = data.workloadEvents
        setEvents((known) =>
          [told, ...known.filter(({ id }) => id !== told.id)].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, most),
        )
      },
      error: (error) => setFailure(failureOf(error)),
      complete: () => undefined,
    },
  )
  onCleanup(stop)

  return (
    <section aria-label={texts.events}>
      <p class="text-quiet text-sm mb-3">{texts.eventsAbout}</p>
      <Show when={failure()}>{(found) => <FailureNotice failure={found()} />}</Show>
      <Show
        when={events().length}
        fallback={
          <Show when={!failure()}>
            <p class="card p-5 text-quiet">{texts.noEvents}</p>
          </Show>
        }
      >
        <ul class="card divide-y divide-line">
          <For each={events()}>
            {(event) => (
              <li class="px-4 py-3 flex gap-3 text-sm">
                <Icon
                  name={event.warning ? 'alert' : 'info'}
                  class={`size-4 mt-0.5 ${event.warning ? 'text-warn' : 'text-quiet'}`}
                />
                <div class="min-w-0 grow">
                  <p class="wrap-anywhere">{event.plain ?? event.message}</p>
                  <Show when={event.plain}>
                    <p class="text-quiet text-small wrap-anywhere">{event.message}</p>
                  </Show>
                  <p class="text-quiet text-small wrap-anywhere">
                    {[ago(event.at), event.object, event.reason, texts.times(event.count)].filter(Boolean).join(' · ')}
                  </p>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
