import { A, useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createOperationFeed, type FeedOperation } from '../graphql/operation-feed.ts'
import { openText } from '../graphql/rest.ts'
import { log } from '../strings/log.ts'
import { operationsText } from '../strings/operations.ts'
import { createClock } from '../ui/clock.ts'
import { confirm } from '../ui/confirm.tsx'
import { LogView } from '../ui/log-view.tsx'
import { Button, FailureNotice, PageHeader, ProgressBar, Skeleton, Status } from '../ui/parts.tsx'
import { PreviewButton } from '../ui/plan.tsx'
import { Steps } from '../ui/steps.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { ago, duration, remaining } from '../ui/time.ts'
import { Outcome } from './operation/outcome.tsx'
import { Timeline } from './operation/timeline.tsx'

const CancelMutation = graphql('mutation Cancel($id: String!) { cancelOperation(id: $id) { operationId } }')
const AcceptDiskMutation = graphql(`
  mutation AcceptDisk($instance: String!, $node: String!, $acceptDisk: String!) {
    setupNode(instance: $instance, node: $node, acceptDisk: $acceptDisk) { operationId }
  }
`)
const RetryMutation = graphql('mutation Retry($id: String!) { retryOperation(id: $id) { operationId } }')

const views = [
  { id: 'steps', title: operationsText.steps },
  { id: 'timeline', title: operationsText.timeline },
]

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
  const now = createClock(500)
  const [search, setSearch] = useSearchParams<{ view?: string }>()
  const view = () => (search.view === 'timeline' ? 'timeline' : 'steps')
  const choose = (id: string) => setSearch({ view: id === 'steps' ? undefined : id }, { replace: true })
  const running = () => feed.operation?.status === 'running' || feed.operation?.status === 'pending'

  async function retry(): Promise<void> {
    const done = await act(RetryMutation, { id: props.id })
    if (done) navigate(`/operations/${done.retryOperation.operationId}`)
  }

  /** The word that gives a refused disk up, when that is what ended this. */
  const refusedDisk = () => {
    const { type, status, error } = feed.operation ?? {}
    const word = error?.details.accept
    return type === 'node.setup' && status === 'failed' && typeof word === 'string' ? word : undefined
  }

  async function overwrite(word: string): Promise<void> {
    const { instance, target, error } = feed.operation!
    const found = error!.details.found
    const yes = await confirm({
      title: operationsText.overwriteTitle(target!),
      lines: operationsText.overwriteLines(Array.isArray(found) ? found : []),
      action: operationsText.overwriteGo,
      danger: true,
      word,
    })
    if (!yes) return
    const done = await act(AcceptDiskMutation, { instance: instance!, node: target!, acceptDisk: word })
    if (done) navigate(`/operations/${done.setupNode.operationId}`)
  }

  async function cancel(): Promise<void> {
    const yes = await confirm({
      title: operationsText.cancelTitle,
      lines: operationsText.cancelLines,
      action: operationsText.cancelGo,
      danger: true,
    })
    if (yes) await act(CancelMutation, { id: props.id })
  }

  return (
    <Show
      when={feed.operation}
      fallback={
        <>
          <PageHeader title={operationsText.one} />
          <Show when={feed.failure()} fallback={<Skeleton />}>
            {(failure) => (
              <FailureNotice failure={failure()} elsewhere={{ href: '/operations', text: operationsText.all }} />
            )}
          </Show>
        </>
      }
    >
      {(operation) => (
        <>
          <PageHeader
            title={operation().title}
            tab={tab(operation())}
            about={<About operation={operation()} now={now()} />}
          >
            <Button
              kind="quiet"
              onClick={() => openText(`/operations/${props.id}/script`)}
              title={operationsText.commandsAbout}
            >
              {operationsText.commands}
            </Button>
            <Show
              when={running()}
              fallback={
                <>
                  <Show when={refusedDisk()}>
                    {(word) => (
                      <Button kind="danger" onClick={() => overwrite(word())}>
                        {operationsText.overwrite}
                      </Button>
                    )}
                  </Show>
                  <PreviewButton of={{ again: props.id }} go={retry} />
                  <Button onClick={retry}>{operationsText.again}</Button>
                </>
              }
            >
              <Button onClick={cancel}>{operationsText.cancel}</Button>
            </Show>
          </PageHeader>
          <div class="mb-5">
            <ProgressBar value={operation().progress} label={operation().title} tone={tone(operation().status)} />
          </div>
          <Outcome operation={operation()} lines={feed.lines} />
          <Tabs label={operationsText.views} tabs={views} value={view()} onChange={choose} />
          <div id={view()} role="tabpanel" aria-label={views.find(({ id }) => id === view())?.title}>
            <Switch>
              <Match when={view() === 'timeline'}>
                <Timeline operation={operation()} now={now()} />
              </Match>
              <Match when={view() === 'steps'}>
                <div class="grid gap-5 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)] items-start">
                  <Steps steps={operation().steps} now={now()} />
                  <LogView lines={feed.lines()} older={log.older} />
                </div>
              </Match>
            </Switch>
          </div>
        </>
      )}
    </Show>
  )
}

/** What the tab of a page in the background tells. */
function tab(operation: FeedOperation): string {
  if (operation.status === 'running') return `${operation.progress} % ${operation.title}`
  return operation.status === 'completed' ? `✓ ${operation.title}` : operation.title
}

function tone(status: FeedOperation['status']): 'busy' | 'good' | 'bad' | 'warn' {
  return status === 'completed' ? 'good' : status === 'failed' ? 'bad' : status === 'cancelled' ? 'warn' : 'busy'
}

function About(props: { operation: FeedOperation; now: number }) {
  const left = () => remaining(props.operation.usualMs, props.operation.startedAt, props.now)
  return (
    <span class="flex flex-wrap gap-x-4 gap-y-1 items-center text-sm">
      <Status value={props.operation.status} busy />
      <Show when={props.operation.instance}>
        {(instance) => (
          <A class="link" href={`/instances/${instance()}`}>
            {instance()}
          </A>
        )}
      </Show>
      <span>{operationsText.askedWhen(props.operation.via, ago(props.operation.createdAt, props.now))}</span>
      <span class="tabular-nums">
        {duration(props.operation.startedAt, props.operation.completedAt, props.now)}
        <Show when={!props.operation.completedAt && left()}>{(text) => <> · {text()}</>}</Show>
      </span>
      <code class="text-xs wrap-anywhere">{props.operation.operationId}</code>
    </span>
  )
}
