import { createMemo, For, Show } from 'solid-js'
import type { FeedOperation, FeedStep } from '../../graphql/operation-feed.ts'
import { operationsText } from '../../strings/operations.ts'
import { word } from '../../strings/words.ts'
import { span } from '../../ui/time.ts'
import { type Bar, barsOf, ticksOf } from './spans.ts'

const colours: Record<FeedStep['state'], string> = {
  pending: 'bg-quiet',
  running: 'bg-busy',
  done: 'bg-good',
  skipped: 'bg-good',
  failed: 'bg-bad',
  cancelled: 'bg-warn',
  blocked: 'bg-quiet',
}
const mostTicks = 6

/** The steps of an operation as bars over time: what waited for what, and where the time went. */
export function Timeline(props: { operation: FeedOperation; now: number }) {
  const from = () => Date.parse(props.operation.startedAt ?? props.operation.createdAt)
  const to = () => (props.operation.completedAt ? Date.parse(props.operation.completedAt) : props.now)
  const bars = createMemo(() => barsOf(props.operation.steps, from(), to()))
  const whole = () => Math.max(1, to() - from())
  return (
    <section class="card p-4 sm:p-5" aria-label={operationsText.timeline}>
      <p class="text-quiet text-sm mb-4">{operationsText.timelineAbout}</p>
      <Show when={bars().length} fallback={<p class="text-quiet">{operationsText.timelineEmpty}</p>}>
        <div class="relative">
          <Axis whole={whole()} />
          <ol class="relative grid grid-cols-[minmax(0,1fr)] gap-y-1.5 pt-6">
            <For each={props.operation.steps}>
              {(step) => (
                <Show when={bars().find((bar) => bar.step.id === step.id)}>{(bar) => <Row bar={bar()} />}</Show>
              )}
            </For>
          </ol>
        </div>
      </Show>
    </section>
  )
}

const columns = 'sm:grid sm:grid-cols-[minmax(0,16rem)_minmax(0,1fr)_4.5rem] gap-x-4 items-center'

/** Round moments from the beginning, as lines behind the bars. */
function Axis(props: { whole: number }) {
  return (
    <div class={`absolute inset-0 ${columns}`} aria-hidden="true">
      <div class="relative h-full sm:col-start-2">
        <For each={ticksOf(props.whole, mostTicks)}>
          {(tick) => (
            <span
              class="absolute inset-y-0 border-l border-line text-xs text-quiet pl-1 tabular-nums whitespace-nowrap"
              style={{ left: `${(tick / props.whole) * 100}%` }}
            >
              {span(tick)}
            </span>
          )}
        </For>
      </div>
    </div>
  )
}

function Row(props: { bar: Bar }) {
  const told = () => operationsText.began(span(props.bar.afterMs), span(props.bar.tookMs), word(props.bar.step.state))
  return (
    <li class={`${columns} text-sm`} data-bar={props.bar.step.id} title={`${props.bar.step.title}: ${told()}`}>
      <span
        class="block truncate max-sm:flex max-sm:justify-between max-sm:gap-3"
        classList={{ 'font-medium': props.bar.group }}
        style={{ 'padding-left': `${props.bar.depth}rem` }}
      >
        <span class="truncate">{props.bar.step.title}</span>
        <span class="sm:hidden text-quiet tabular-nums" aria-hidden="true">
          {span(props.bar.tookMs)}
        </span>
        <span class="sr-only">: {told()}</span>
      </span>
      <span class="relative block h-4 rounded-sm bg-raised/60" aria-hidden="true">
        <span
          class={`absolute rounded-sm min-w-[3px] ${colours[props.bar.step.state]}`}
          classList={{ 'inset-y-0': !props.bar.group, 'top-[5px] h-1.5 opacity-55': props.bar.group }}
          style={{ left: `min(${props.bar.left}%, calc(100% - 3px))`, width: `${props.bar.width}%` }}
        />
      </span>
      <span class="max-sm:hidden text-right text-quiet tabular-nums" aria-hidden="true">
        {span(props.bar.tookMs)}
      </span>
    </li>
  )
}
