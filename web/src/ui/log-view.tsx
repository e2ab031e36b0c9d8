import { createEffect, createMemo, createSignal, For, Show } from 'solid-js'
import { type FeedLine, keptLines } from '../graphql/operation-feed.ts'

const colours: Record<FeedLine['stream'], string> = {
  step: 'text-text',
  command: 'text-accent',
  stdout: 'text-quiet',
  stderr: 'text-warn',
}
/** Lines drawn at once; scrolling up is searching up, so this stays fast with any length. */
const drawn = 800

/** The log as it comes: follows the end until the reader scrolls up, with a filter. */
export function LogView(props: { lines: FeedLine[] }) {
  const [filter, setFilter] = createSignal('')
  const [following, setFollowing] = createSignal(true)
  let box: HTMLDivElement | undefined
  const shown = createMemo(() => {
    const wanted = filter().toLowerCase()
    const all = wanted ? props.lines.filter(({ message }) => message.toLowerCase().includes(wanted)) : props.lines
    return all.slice(-drawn)
  })
  createEffect(() => {
    shown()
    if (following() && box) box.scrollTop = box.scrollHeight
  })
  function onScroll(): void {
    if (box) setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < 40)
  }

  return (
    <section class="card flex flex-col min-w-0 lg:sticky lg:top-6 overflow-hidden" aria-label="Log">
      <div class="flex gap-3 items-center p-2 border-b border-line">
        <input
          class="field !py-1 text-sm"
          type="search"
          placeholder="Search the log"
          aria-label="Search the log"
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <label class="text-sm text-quiet flex gap-1.5 items-center whitespace-nowrap">
          <input
            type="checkbox"
            checked={following()}
            onChange={(event) => setFollowing(event.currentTarget.checked)}
          />{' '}
          follow
        </label>
      </div>
      <div
        ref={box}
        onScroll={onScroll}
        class="font-mono text-xs leading-5 p-3 h-[max(20rem,calc(100dvh-17rem))] max-lg:h-[26rem] focus-visible:-outline-offset-2 overflow-auto"
        tabindex="0"
        role="log"
        aria-live="off"
      >
        <Show when={props.lines.length >= keptLines}>
          <p class="text-quiet">
            … older lines are left out here. In a terminal, wild-cli operation logs has all of them.
          </p>
        </Show>
        <Show when={shown().length === 0}>
          <p class="text-quiet">{filter() ? 'No line has this.' : 'No lines yet.'}</p>
        </Show>
        <For each={shown()}>
          {(line) => (
            <div class={`whitespace-pre-wrap break-words ${colours[line.stream]}`} data-seq={line.seq}>
              {line.message}
            </div>
          )}
        </For>
      </div>
    </section>
  )
}
