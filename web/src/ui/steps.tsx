import { createSignal, For, Show } from 'solid-js'
import type { FeedStep } from '../graphql/operation-feed.ts'
import { stepsText } from '../strings/steps.ts'
import { word } from '../strings/words.ts'
import { duration } from './time.ts'

const marks: Record<FeedStep['state'], string> = {
  pending: '○',
  running: '◐',
  done: '✓',
  skipped: '✓',
  failed: '✕',
  cancelled: '–',
  blocked: '·',
}
const colours: Record<FeedStep['state'], string> = {
  pending: 'text-quiet',
  running: 'text-busy',
  done: 'text-good',
  skipped: 'text-good',
  failed: 'text-bad',
  cancelled: 'text-warn',
  blocked: 'text-quiet',
}

/** With few steps all are shown; with many, those of a group that is not at work are folded away. */
const fewSteps = 10

function note(step: FeedStep): string | null {
  if (step.state === 'skipped') return stepsText.skipped(step.message)
  if (step.state === 'blocked') return stepsText.blocked
  return step.state === 'running' || step.state === 'failed' ? step.message : null
}

/** The steps of an operation: what is done, what runs, what failed. */
export function Steps(props: { steps: FeedStep[]; now: number }) {
  return (
    <section class="card p-4" aria-label={stepsText.label}>
      <Show when={props.steps.length} fallback={<p class="text-quiet">{stepsText.preparing}</p>}>
        <Level steps={props.steps} within={null} now={props.now} />
      </Show>
    </section>
  )
}

/** The steps inside one, or the outermost. */
function Level(props: { steps: FeedStep[]; within: string | null; now: number }) {
  return (
    <ol class="grid gap-2.5" classList={{ 'mt-2.5 pl-6': props.within !== null }}>
      <For each={props.steps.filter(({ parent }) => parent === props.within)}>
        {(step) => <Group step={step} steps={props.steps} now={props.now} />}
      </For>
    </ol>
  )
}

/** A step with the steps inside it. The reader's own folding wins over ours. */
function Group(props: { step: FeedStep; steps: FeedStep[]; now: number }) {
  const [chosen, setChosen] = createSignal<boolean>()
  const isGroup = () => props.steps.some(({ parent }) => parent === props.step.id)
  const atWork = () => ['running', 'failed', 'cancelled'].includes(props.step.state)
  const open = () => chosen() ?? (props.steps.length <= fewSteps || atWork())
  return (
    <li>
      <Show when={isGroup()} fallback={<Line step={props.step} now={props.now} />}>
        <button
          type="button"
          class="w-full text-left rounded-md hover:bg-raised"
          aria-expanded={open()}
          onClick={() => setChosen(!open())}
        >
          <Line step={props.step} now={props.now} folded={!open()} />
        </button>
        <Show when={open()}>
          <Level steps={props.steps} within={props.step.id} now={props.now} />
        </Show>
      </Show>
    </li>
  )
}

function Line(props: { step: FeedStep; now: number; folded?: boolean }) {
  const quiet = () => props.step.state === 'blocked' || props.step.state === 'pending'
  return (
    <span class="flex gap-2.5 text-sm" data-step={props.step.id} data-state={props.step.state}>
      <span
        class={`w-4 text-center shrink-0 ${colours[props.step.state]}`}
        classList={{ 'animate-pulse': props.step.state === 'running' }}
        aria-hidden="true"
      >
        {marks[props.step.state]}
      </span>
      <span class="grow min-w-0">
        <span classList={{ 'font-medium': props.step.state === 'running', 'text-quiet': quiet() }}>
          {props.step.title}
        </span>
        <span class="sr-only">: {word(props.step.state)}</span>
        <Show when={props.step.attempt > 1}>
          <span class="text-quiet"> · {stepsText.attempt(props.step.attempt)}</span>
        </Show>
        <Show when={note(props.step)}>{(text) => <span class="block text-quiet wrap-anywhere">{text()}</span>}</Show>
      </span>
      <span class="text-quiet tabular-nums whitespace-nowrap">
        {props.step.state === 'skipped' ? '' : duration(props.step.startedAt, props.step.endedAt, props.now)}
      </span>
      <Show when={props.folded !== undefined}>
        <span class="text-quiet w-3 text-center" aria-hidden="true">
          {props.folded ? '▸' : '▾'}
        </span>
      </Show>
    </span>
  )
}
