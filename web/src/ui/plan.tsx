import { batch, createEffect, createSignal, For, Show } from 'solid-js'
import { client } from '../graphql/client.ts'
import { type Failure, failureOf } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { planText } from '../strings/plan.ts'
import { confirm, type Question } from './confirm.tsx'
import { Button, FailureNotice } from './parts.tsx'
import { span } from './time.ts'

const PlanQuery = graphql(`
  query Plan($type: String!, $input: JSON!) {
    planOperation(type: $type, input: $input) {
      title usualMs nothingToDo steps { id parent title state reason changes { kind text diff } }
    }
  }
`)
const PlanRetryQuery = graphql(`
  query PlanRetry($id: String!) {
    planRetry(id: $id) {
      title usualMs nothingToDo steps { id parent title state reason changes { kind text diff } }
    }
  }
`)

const PlanChangeQuery = graphql(`
  query PlanChange($name: String!, $input: JSON!) {
    planChange(name: $name, input: $input) {
      title usualMs nothingToDo steps { id parent title state reason changes { kind text diff } }
    }
  }
`)

/**
 * An operation that could be started, by its type and input, or one from before by its id; or what is changed at once, by
 * the name of its mutation.
 */
export type Planned =
  | { type: string; input: Record<string, unknown> }
  | { again: string }
  | { change: string; input: Record<string, unknown> }

export interface PlannedStep {
  id: string
  parent: string | null
  title: string
  state: 'done' | 'would_run' | 'would_fail'
  reason: string | null
  changes: { kind: string; text: string; diff: string | null }[]
}

interface Plan {
  title: string
  usualMs: number | null
  nothingToDo: boolean
  steps: PlannedStep[]
}

async function ask(what: Planned): Promise<Plan> {
  if ('again' in what) {
    const { data, error } = await client.query(PlanRetryQuery, { id: what.again }).toPromise()
    if (error || !data) throw error
    return data.planRetry
  }
  if ('change' in what) {
    const { data, error } = await client.query(PlanChangeQuery, { name: what.change, input: what.input }).toPromise()
    if (error || !data) throw error
    return data.planChange
  }
  const { data, error } = await client.query(PlanQuery, what).toPromise()
  if (error || !data) throw error
  return data.planOperation
}

/**
 * Shows what starting it would do; resolves with true when the person wants it. Changes nothing. With `refused` a refusal
 * is told there, at its field, instead of being shown as the plan. `asked` is what the question says beside it.
 */
export async function preview(
  what: Planned,
  refused?: (failure: Failure) => void,
  asked: Partial<Omit<Question, 'more'>> = {},
): Promise<boolean> {
  try {
    if (refused) await ask(what)
  } catch (error) {
    refused?.(failureOf(error))
    return false
  }
  return confirm({
    title: planText.title,
    lines: [],
    action: planText.go,
    no: planText.no,
    ...asked,
    more: () => <PlanView of={what} />,
  })
}

/** A button beside the one that starts an operation: shows the plan, then starts it if the person says so. */
export function PreviewButton(props: { of: Planned; go(): void; about?: string }) {
  return (
    <Button
      kind="quiet"
      aria-haspopup="dialog"
      aria-label={props.about ? planText.titleOf(props.about) : undefined}
      onClick={async () => (await preview(props.of)) && props.go()}
    >
      {planText.title}
    </Button>
  )
}

/** The plan of an operation: its steps, the commands, the file differences. Of another one the last stays until it is there. */
export function PlanView(props: { of: Planned }) {
  const [plan, setPlan] = createSignal<Plan>()
  const [failure, setFailure] = createSignal<Failure>()
  let asked = ''
  createEffect(() => {
    const what = JSON.stringify(props.of)
    asked = what
    const isNewest = () => asked === what
    ask(props.of).then(
      (found) => isNewest() && batch(() => [setFailure(undefined), setPlan(found)]),
      (error: unknown) => isNewest() && setFailure(failureOf(error)),
    )
  })
  return (
    <Show when={!failure()} fallback={<FailureNotice failure={failure()!} />}>
      <Show when={plan()} fallback={<p role="status">{planText.looking}</p>}>
        {(known) => (
          <div class="grid gap-3">
            <p>
              <span class="font-medium">{known().title}.</span> {summary(known())}
              <Show when={known().usualMs}>{(ms) => <> {planText.usually(span(ms()))}</>}</Show>
            </p>
            <Show when={known().steps.length}>
              <Level steps={known().steps} within={null} />
            </Show>
          </div>
        )}
      </Show>
    </Show>
  )
}

/** Pure: "3 steps are done, 2 would run." */
export function summary({ steps, nothingToDo }: Pick<Plan, 'steps' | 'nothingToDo'>): string {
  if (nothingToDo) return planText.nothing
  const single = steps.filter(({ id }) => !steps.some(({ parent }) => parent === id))
  const counts = (['done', 'would_run', 'unknown', 'would_fail'] as const).map(
    (each) => [single.filter((step) => verdict(step) === each).length, planText.verdicts[each]] as const,
  )
  const parts = counts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`)
  return planText.steps(single.length, parts.join(', '))
}

/** What would become of a step. What depends on an earlier one cannot be told before that has run. */
export function verdict({ state, reason }: Pick<PlannedStep, 'state' | 'reason'>): keyof typeof planText.verdicts {
  return state === 'would_run' && reason ? 'unknown' : state
}

const looks = {
  done: ['✓', 'text-good'],
  would_run: ['→', 'text-busy'],
  unknown: ['?', 'text-warn'],
  would_fail: ['✕', 'text-bad'],
} as const

function Level(props: { steps: PlannedStep[]; within: string | null }) {
  return (
    <ol class="grid gap-2 text-sm" classList={{ 'mt-2 pl-6': props.within !== null }}>
      <For each={props.steps.filter(({ parent }) => parent === props.within)}>
        {(step) => (
          <li data-step={step.id} data-state={step.state}>
            <div class="flex gap-2.5">
              <span class={`w-4 text-center shrink-0 ${looks[verdict(step)][1]}`} aria-hidden="true">
                {looks[verdict(step)][0]}
              </span>
              <div class="min-w-0 grow">
                <span classList={{ 'text-quiet': step.state === 'done' }}>{step.title}</span>
                <span class="text-quiet wrap-anywhere">
                  : {planText.verdicts[verdict(step)]}
                  {step.reason ? ` (${step.reason})` : ''}
                </span>
                <For each={step.changes}>{(change) => <Change of={change} />}</For>
              </div>
            </div>
            <Show when={props.steps.some(({ parent }) => parent === step.id)}>
              <Level steps={props.steps} within={step.id} />
            </Show>
          </li>
        )}
      </For>
    </ol>
  )
}

/** One thing that would be changed. */
export function Change(props: { of: PlannedStep['changes'][number] }) {
  return (
    <div class="mt-1">
      <Show when={props.of.kind === 'command'} fallback={<span class="wrap-anywhere">{props.of.text}</span>}>
        <code class="text-xs wrap-anywhere">$ {props.of.text}</code>
      </Show>
      <Show when={props.of.diff}>
        {(diff) => (
          <details class="mt-1">
            <summary class="link w-fit">{planText.differences}</summary>
            <Diff text={diff()} />
          </details>
        )}
      </Show>
    </div>
  )
}

/** A unified difference. Long lines wrap: a region that scrolls sideways would need the keyboard of its own. */
export function Diff(props: { text: string }) {
  return (
    <pre class="text-xs whitespace-pre-wrap wrap-anywhere rounded-md bg-raised p-2 mt-1">
      <For each={props.text.trimEnd().split('\n')}>
        {(line) => <span class={`block ${lineColour(line)}`}>{line || ' '}</span>}
      </For>
    </pre>
  )
}

function lineColour(line: string): string {
  if (line.startsWith('+')) return 'text-good'
  return line.startsWith('-') ? 'text-bad' : ''
}
