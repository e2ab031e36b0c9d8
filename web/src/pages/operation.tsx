import { A, useNavigate, useParams } from '@solidjs/router'
import { createSignal, For, onCleanup, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createOperationFeed, type FeedOperation, type FeedStep } from '../graphql/operation-feed.ts'
import { LogView } from '../ui/log-view.tsx'
import { Button, FailureNotice, PageHeader, ProgressBar, Skeleton, Status } from '../ui/parts.tsx'
import { ago, duration } from '../ui/time.ts'

const CancelMutation = graphql('mutation Cancel($id: String!) { cancelOperation(id: $id) { operationId } }')
const RetryMutation = graphql('mutation Retry($id: String!) { retryOperation(id: $id) { operationId } }')

export default function OperationPage() {
  const params = useParams<{ id: string }>()
  // A new id is a new page: its feed starts over.
  return (
    <Show when={params.id} keyed>
      {(id) => <Operation id={id} />}
    </Show>
  )
}

function Operation(props: { id: string }) {
  const feed = createOperationFeed(props.id)
  const navigate = useNavigate()
  const [now, setNow] = createSignal(Date.now())
  const tick = setInterval(() => setNow(Date.now()), 500)
  onCleanup(() => clearInterval(tick))
  const running = () => feed.operation?.status === 'running' || feed.operation?.status === 'pending'

  async function retry(): Promise<void> {
    const done = await act(RetryMutation, { id: props.id })
    if (done) navigate(`/operations/${done.retryOperation.operationId}`)
  }

  return (
    <Show
      when={feed.operation}
      fallback={
        <Show when={feed.failure()} fallback={<Skeleton />}>
          {(failure) => <FailureNotice failure={failure()} />}
        </Show>
      }
    >
      {(operation) => (
        <>
          <PageHeader title={operation().title} about={<About operation={operation()} now={now()} />}>
            <a
              class="text-accent underline text-sm self-center"
              href={`/api/v1/operations/${props.id}/script`}
              target="_self"
            >
              As a shell script
            </a>
            <Show when={running()} fallback={<Button onClick={retry}>Run again</Button>}>
              <Button kind="danger" onClick={() => act(CancelMutation, { id: props.id })}>
                Cancel
              </Button>
            </Show>
          </PageHeader>
          <div class="mb-5">
            <ProgressBar value={operation().progress} label={operation().title} tone={tone(operation().status)} />
          </div>
          <Outcome operation={operation()} />
          <div class="grid gap-5 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
            <Steps steps={operation().steps} now={now()} />
            <LogView lines={feed.lines()} />
          </div>
        </>
      )}
    </Show>
  )
}

function tone(status: FeedOperation['status']): 'busy' | 'good' | 'bad' | 'warn' {
  return status === 'completed' ? 'good' : status === 'failed' ? 'bad' : status === 'cancelled' ? 'warn' : 'busy'
}

function About(props: { operation: FeedOperation; now: number }) {
  return (
    <span class="flex flex-wrap gap-x-4 gap-y-1 items-center text-sm">
      <Status value={props.operation.status} busy />
      <Show when={props.operation.instance}>
        {(instance) => (
          <A class="underline" href={`/instances/${instance()}`}>
            {instance()}
          </A>
        )}
      </Show>
      <span>
        asked by {props.operation.via} {ago(props.operation.createdAt, props.now)}
      </span>
      <span>{duration(props.operation.startedAt, props.operation.completedAt, props.now)}</span>
      <code class="text-xs">{props.operation.operationId}</code>
    </span>
  )
}

function Outcome(props: { operation: FeedOperation }) {
  const url = () => {
    const value = props.operation.result?.url
    return typeof value === 'string' ? value : undefined
  }
  const output = () => props.operation.error?.details.output
  return (
    <>
      <Show when={props.operation.error}>
        {(error) => (
          <div class="card p-4 mb-5 border-l-4 border-l-bad" role="alert">
            <p class="font-medium">{error().message}</p>
            <Show when={error().details.command}>
              {(command) => <code class="block mt-2 text-sm break-all">{String(command())}</code>}
            </Show>
            <Show when={output()}>
              {(text) => <pre class="mt-2 text-sm whitespace-pre-wrap text-quiet break-words">{String(text())}</pre>}
            </Show>
            <p class="text-quiet text-sm mt-2">Finished steps stay. Running it again goes on from there.</p>
          </div>
        )}
      </Show>
      <For each={props.operation.warnings}>
        {(warning) => <p class="card p-3 mb-3 border-l-4 border-l-warn">{warning}</p>}
      </For>
      <Show when={url()}>
        {(href) => (
          <p class="card p-4 mb-5 border-l-4 border-l-good">
            It answers at{' '}
            <a class="text-accent underline" href={href()} target="_blank" rel="noreferrer">
              {href()}
            </a>
          </p>
        )}
      </Show>
    </>
  )
}

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

function note(step: FeedStep): string | null {
  if (step.state === 'skipped') return step.message ? `already done: ${step.message}` : 'already done'
  if (step.state === 'blocked') return 'not started'
  return step.state === 'running' || step.state === 'failed' ? step.message : null
}

function Steps(props: { steps: FeedStep[]; now: number }) {
  const depth = (step: FeedStep) => step.id.split('/').length - 1
  return (
    <ol class="card p-4 grid gap-2.5 content-start self-start" aria-label="Steps">
      <Show when={props.steps.length === 0}>
        <li class="text-quiet">Preparing…</li>
      </Show>
      <For each={props.steps}>
        {(step) => (
          <li
            class="flex gap-2.5 text-sm"
            style={{ 'padding-left': `${depth(step) * 1.1}rem` }}
            data-step={step.id}
            data-state={step.state}
          >
            <span
              class={`w-4 text-center shrink-0 ${colours[step.state]}`}
              classList={{ 'animate-pulse': step.state === 'running' }}
              aria-hidden="true"
            >
              {marks[step.state]}
            </span>
            <span class="grow min-w-0">
              <span
                classList={{
                  'font-medium': step.state === 'running',
                  'text-quiet': step.state === 'blocked' || step.state === 'pending',
                }}
              >
                {step.title}
              </span>
              <span class="sr-only">: {step.state}</span>
              <Show when={note(step)}>{(text) => <span class="block text-quiet break-words">{text()}</span>}</Show>
            </span>
            <span class="text-quiet tabular-nums whitespace-nowrap">
              {step.state === 'skipped' ? '' : duration(step.startedAt, step.endedAt, props.now)}
            </span>
          </li>
        )}
      </For>
    </ol>
  )
}
