import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import type { FeedLine } from '../graphql/operation-feed.ts'
import { log } from '../strings/log.ts'
import { createRows } from './rows.ts'

const colours: Record<FeedLine['stream'], string> = {
  step: 'text-text font-semibold',
  command: 'text-accent',
  stdout: 'text-quiet',
  stderr: 'text-warn',
}
const rowPx = 20
/** As near to the end as this counts as being there. */
const nearPx = 40

/**
 * The log as it comes: follows the end until the reader scrolls up, with a filter. Any length: only what is seen is drawn.
 * `older` is told when the first lines are not among them.
 */
export function LogView(props: { lines: FeedLine[]; older?: string }) {
  const [filter, setFilter] = createSignal('')
  const [following, setFollowing] = createSignal(true)
  let box: HTMLDivElement | undefined
  let lastTop = 0
  const shown = createMemo(() => {
    const wanted = filter().toLowerCase()
    return wanted ? props.lines.filter(({ message }) => message.toLowerCase().includes(wanted)) : props.lines
  })
  const rows = createRows(rowPx, () => shown().length)
  const drawn = createMemo(() => shown().slice(...rows.range()))
  function toEnd(): void {
    if (!box || !following()) return
    box.scrollTop = box.scrollHeight
    rows.look()
  }
  createEffect(on([shown, following], () => queueMicrotask(toEnd)))
  function onScroll(): void {
    if (!box) return
    rows.look()
    // Lines that came meanwhile put the end further away: only who scrolls up stops following.
    if (box.scrollTop < lastTop) setFollowing(false)
    else if (box.scrollHeight - box.scrollTop - box.clientHeight < nearPx) setFollowing(true)
    lastTop = box.scrollTop
  }

  return (
    <section class="card flex flex-col min-w-0 lg:sticky lg:top-6 overflow-hidden" aria-label={log.label}>
      <div class="flex gap-3 items-center p-2 border-b border-line">
        <input
          class="field !py-1 text-sm"
          type="search"
          placeholder={log.search}
          aria-label={log.search}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <span class="text-quiet text-small whitespace-nowrap tabular-nums max-sm:hidden" role="status">
          {filter() ? log.matches(shown().length, props.lines.length) : log.lines(props.lines.length)}
        </span>
        <label class="text-sm text-quiet flex gap-1.5 items-center whitespace-nowrap pr-1">
          <input
            type="checkbox"
            checked={following()}
            onChange={(event) => setFollowing(event.currentTarget.checked)}
          />{' '}
          {log.follow}
        </label>
      </div>
      <Show when={props.older && (props.lines[0]?.seq ?? 1) > 1}>
        <p class="text-quiet text-small px-3 py-1.5 border-b border-line">{props.older}</p>
      </Show>
      <div
        ref={(element) => {
          box = element
          rows.attach(element)
        }}
        onScroll={onScroll}
        class="font-mono text-xs h-[max(20rem,calc(100dvh-17rem))] max-lg:h-[26rem] overflow-auto focus-visible:-outline-offset-2"
        tabindex="0"
        role="log"
        aria-label={log.label}
        aria-live="off"
        data-lines={shown().length}
      >
        <Show when={shown().length === 0}>
          <p class="text-quiet p-3">{filter() ? log.noMatch : log.none}</p>
        </Show>
        <div class="relative w-max min-w-full" style={{ height: `${rows.totalPx()}px` }}>
          <div class="px-3" style={{ transform: `translateY(${rows.range()[0] * rowPx}px)` }}>
            <For each={drawn()}>
              {(line) => (
                <div
                  class={`whitespace-pre ${colours[line.stream]}`}
                  style={{ height: `${rowPx}px`, 'line-height': `${rowPx}px` }}
                  data-seq={line.seq}
                >
                  {line.message}
                </div>
              )}
            </For>
          </div>
        </div>
      </div>
    </section>
  )
}
