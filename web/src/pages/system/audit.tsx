import { For, Show } from 'solid-js'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { system } from '../../strings/system.ts'
import { createClock } from '../../ui/clock.ts'
import { Empty, Loaded } from '../../ui/page.tsx'
import { ago } from '../../ui/time.ts'

const AuditQuery = graphql('query Audit { audit(lines: 200) { time action door instance key reason failed } }')

/** Who changed what, through which door, and who looked at secrets. */
export function Audit() {
  const now = createClock(30_000)
  const query = createLiveQuery(AuditQuery, () => ({}))
  return (
    <Loaded query={query}>
      {(data) => (
        <ol class="card divide-y divide-line">
          <For each={data.audit} fallback={<Empty title={system.auditEmpty}>{system.auditEmptyAbout}</Empty>}>
            {(entry) => (
              <li class="px-4 py-3">
                <p class="wrap-anywhere">
                  <code class="text-sm">{entry.action}</code> {entry.key}
                  <Show when={entry.failed}>
                    {(code) => <span class="text-warn text-sm"> {system.refused(code())}</span>}
                  </Show>
                </p>
                <p class="text-quiet text-sm wrap-anywhere">
                  <time datetime={entry.time} title={new Date(entry.time).toLocaleString()}>
                    {ago(entry.time, now())}
                  </time>{' '}
                  {system.through(entry.door)}
                  {entry.instance ? ` · ${entry.instance}` : ''}
                  {entry.reason ? ` · “${entry.reason}”` : ''}
                </p>
              </li>
            )}
          </For>
        </ol>
      )}
    </Loaded>
  )
}
