import { For } from 'solid-js'
import { instancesText } from '../../strings/instances.ts'
import { Status } from '../../ui/parts.tsx'

/** What became, or would become, of each part of what is taken over. */
export interface ReportLine {
  verdict: string
  path: string
  message: string
}

/** The report of a take-over, a line for each part. */
export function Report(props: { lines: ReportLine[] }) {
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
