import { For, Show } from 'solid-js'
import type { FeedLine, FeedOperation } from '../../graphql/operation-feed.ts'
import { operationsText } from '../../strings/operations.ts'
import { CopyForHelp, Notice } from '../../ui/parts.tsx'
import { helpText } from './help-text.ts'

/** How it ended: what went wrong and what to do, warnings, and where what it made answers. */
export function Outcome(props: { operation: FeedOperation; lines(): FeedLine[] }) {
  const url = () => {
    const value = props.operation.result?.url
    return typeof value === 'string' ? value : undefined
  }
  return (
    <>
      <Show when={props.operation.error}>
        {(error) => (
          <div class="mb-5">
            <Notice tone="bad" alert>
              <Told operation={props.operation} message={error().message} code={error().code} />
              <div class="mt-3 -ml-2">
                <CopyForHelp text={() => helpText(props.operation, props.lines())} />
              </div>
            </Notice>
          </div>
        )}
      </Show>
      <For each={props.operation.warnings}>
        {(warning) => (
          <div class="mb-3 last-of-type:mb-5">
            <Notice tone="warn">
              <p class="whitespace-pre-line wrap-anywhere">{warning}</p>
            </Notice>
          </div>
        )}
      </For>
      <Show when={props.operation.status === 'completed' && url()}>
        {(href) => (
          <div class="mb-5">
            <Notice tone="good">
              {operationsText.answersAt}{' '}
              <a class="link break-all" href={href()} target="_blank" rel="noreferrer">
                {href()}
              </a>
            </Notice>
          </div>
        )}
      </Show>
    </>
  )
}

/** Of an operation that did not complete: what happened, what state things are in, what to do next. */
function Told(props: { operation: FeedOperation; message: string; code: string }) {
  const account = () => props.operation.account
  return (
    <div class="grid gap-3">
      <section>
        <h2 class="font-semibold">{operationsText.happened}</h2>
        <p>{account().happened}</p>
        <p class="font-medium whitespace-pre-line wrap-anywhere mt-1">
          {props.message} <code class="font-normal text-quiet text-sm">{props.code}</code>
        </p>
        <Show when={account().command}>
          {(command) => <code class="block mt-2 text-sm break-all">$ {command()}</code>}
        </Show>
        <Show when={account().output.length}>
          <pre class="mt-2 text-sm whitespace-pre-wrap text-quiet wrap-anywhere">{account().output.join('\n')}</pre>
        </Show>
      </section>
      <Sentences title={operationsText.state} lines={account().state} />
      <Sentences title={operationsText.next} lines={account().next} />
    </div>
  )
}

function Sentences(props: { title: string; lines: string[] }) {
  return (
    <Show when={props.lines.length}>
      <section>
        <h2 class="font-semibold">{props.title}</h2>
        <For each={props.lines}>{(line) => <p class="text-sm wrap-anywhere">{line}</p>}</For>
      </section>
    </Show>
  )
}
