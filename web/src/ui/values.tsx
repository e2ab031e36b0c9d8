import { For, Show } from 'solid-js'
import { leaves } from './leaves.ts'

/** Settings, one a line. */
export function Values(props: { of: unknown; empty: string }) {
  const rows = () => leaves(props.of)
  return (
    <Show when={rows().length} fallback={<p class="text-quiet">{props.empty}</p>}>
      <dl class="text-sm grid gap-y-1.5">
        <For each={rows()}>
          {([name, value]) => (
            <div class="grid sm:grid-cols-[minmax(8rem,2fr)_3fr] gap-x-4">
              <dt class="text-quiet break-words">{name}</dt>
              <dd class="font-mono text-[0.8125rem] leading-5 break-all">{value || '–'}</dd>
            </div>
          )}
        </For>
      </dl>
    </Show>
  )
}
