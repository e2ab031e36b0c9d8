import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js'
import type { Failure } from '../../graphql/failure.ts'
import { instancesText } from '../../strings/instances.ts'
import { Button, FailureNotice, Status } from '../../ui/parts.tsx'

/** What became, or would become, of each part of what is taken over. */
interface ReportLine {
  verdict: string
  path: string
  message: string
}

/** A form that first shows what would become of what is taken over, and takes it over after that. */
export function TakeOverForm(props: {
  about: string
  texts: { look: string; busy: string; go: string }
  ready: boolean
  /** Everything that was given: once it changes, what was shown does not hold any more. */
  given: unknown
  failure: Failure | undefined
  /** Resolves with the report, with nothing when it was refused. */
  take(dryRun: boolean): Promise<ReportLine[] | undefined>
  done(): void
  children: JSX.Element
}) {
  const [report, setReport] = createSignal<ReportLine[]>()
  const [busy, setBusy] = createSignal(false)
  createEffect(
    on(
      () => props.given,
      () => setReport(undefined),
    ),
  )

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const shown = report() !== undefined
    setBusy(true)
    const told = await props.take(!shown)
    setBusy(false)
    if (shown && told) return props.done()
    setReport(told)
  }

  return (
    <form class="grid gap-4 mt-4" novalidate onSubmit={send}>
      <p class="text-quiet text-sm max-w-[68ch]">{props.about}</p>
      {props.children}
      <Show when={props.failure}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <Show when={report()}>{(lines) => <Report lines={lines()} />}</Show>
      <div class="flex gap-2">
        <Button type="submit" kind={report() ? 'main' : undefined} disabled={busy() || !props.ready}>
          {busy() ? props.texts.busy : report() ? props.texts.go : props.texts.look}
        </Button>
      </div>
    </form>
  )
}

function Report(props: { lines: ReportLine[] }) {
  return (
    <ul class="text-sm divide-y divide-line" aria-label={instancesText.report}>
      <For each={props.lines}>
        {(line) => (
          <li class="py-2 grid sm:grid-cols-[7rem_1fr] gap-x-3">
            <Status value={line.verdict} />
            <span class="min-w-0">
              <code class="wrap-anywhere">{line.path}</code>
              <span class="block text-quiet wrap-anywhere">{line.message}</span>
            </span>
          </li>
        )}
      </For>
    </ul>
  )
}
