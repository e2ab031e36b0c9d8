import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { stepsText } from '../strings/steps.ts'
import { ProgressBar } from './parts.tsx'

const RunningQuery = graphql(
  'query Running($instance: String) { operations(instance: $instance, status: running, limit: 10) { operationId title progress message startedAt } }',
)

/** Operations that run right now, live. */
export function Running(props: { instance: string }) {
  const query = createLiveQuery(
    RunningQuery,
    () => ({ instance: props.instance }),
    about(() => props.instance),
  )
  return (
    <Show when={query.data?.operations.length}>
      <section class="grid gap-2 mb-5" aria-label={stepsText.running}>
        <For each={query.data?.operations}>
          {(operation) => (
            <A href={`/operations/${operation.operationId}`} class="card p-4 block hover:bg-raised">
              <div class="flex justify-between gap-3 text-sm mb-2">
                <span class="font-medium min-w-0 wrap-anywhere">{operation.title}</span>
                <span class="text-quiet tabular-nums whitespace-nowrap">{operation.progress} %</span>
              </div>
              <ProgressBar value={operation.progress} label={operation.title} />
              <p class="text-quiet text-sm mt-2 truncate">{operation.message}</p>
            </A>
          )}
        </For>
      </section>
    </Show>
  )
}
