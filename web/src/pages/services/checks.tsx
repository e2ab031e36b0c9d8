import { For, Show } from 'solid-js'
import { servicesText } from '../../strings/services.ts'
import { Status } from '../../ui/parts.tsx'

export interface Check {
  name: string
  status: string
  message: string
  remedy: string
}

/** What was looked at of a service, what was found, and what to do. */
export function Checks(props: { of: string; checks: Check[] }) {
  return (
    <ul aria-label={servicesText.checksOf(props.of)}>
      <For each={props.checks}>
        {(check) => (
          <li class="flex justify-between items-start gap-3 py-1 text-sm">
            <span class="min-w-0 wrap-anywhere">
              {check.name}: <span class="text-quiet">{check.message}</span>
              <Show when={check.remedy}>
                <span class="block">{check.remedy}</span>
              </Show>
            </span>
            <Status value={check.status} />
          </li>
        )}
      </For>
    </ul>
  )
}
