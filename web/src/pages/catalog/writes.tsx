import { For, Show } from 'solid-js'
import { client } from '../../graphql/client.ts'
import { failureOf } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { catalogPage as texts } from '../../strings/catalog.ts'
import { FailureNotice } from '../../ui/parts.tsx'
import { Change } from '../../ui/plan.tsx'

const WritesQuery = graphql(`
  query PlanAdd($input: JSON!) {
    planChange(name: "addApp", input: $input) { steps { changes { kind text diff } } }
  }
`)

/** What adding an app with these settings would be refused for; undefined when nothing. */
export async function refusalOfAdd(instance: string, app: string, config: Record<string, string>) {
  const { error } = await client.query(WritesQuery, { input: { instance, name: app, config } }).toPromise()
  return error && failureOf(error)
}

/** Settings, secrets and files that adding an app would write, with their differences. */
export function Writes(props: { instance: string; app: string; config: Record<string, string> }) {
  const input = () => ({ instance: props.instance, name: props.app, config: props.config })
  const query = createLiveQuery(
    WritesQuery,
    () => ({ input: input() }),
    about(() => props.instance),
    { keep: true },
  )
  const changes = () => query.data?.planChange.steps.flatMap((step) => step.changes)
  const beginning = (word: string) => (changes() ?? []).filter(({ text }) => text.startsWith(word)).length

  return (
    <Show when={!query.failure} fallback={<FailureNotice failure={query.failure!} />}>
      <Show when={changes()} fallback={<p role="status">{texts.looking}</p>}>
        {(known) => (
          <div class="card p-5 min-w-0">
            <Show when={known().length} fallback={<p class="text-quiet">{texts.writesNothing}</p>}>
              <details>
                <summary class="font-medium">
                  {texts.writesCount(beginning('config.yaml'), beginning('secrets.yaml'), beginning('apps/'))}
                </summary>
                <ul class="grid gap-1 mt-3 text-sm min-w-0">
                  <For each={known()}>
                    {(change) => (
                      <li class="min-w-0">
                        <Change of={change} />
                      </li>
                    )}
                  </For>
                </ul>
              </details>
            </Show>
          </div>
        )}
      </Show>
    </Show>
  )
}
