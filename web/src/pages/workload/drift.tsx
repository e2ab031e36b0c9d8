import { useNavigate } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { workload as texts } from '../../strings/workload.ts'
import { Button, Loaded } from '../../ui/parts.tsx'
import { Diff, preview } from '../../ui/plan.tsx'
import type { Of } from './of.ts'

const DriftQuery = graphql(`
  query WorkloadDrift($instance: String!, $kind: WorkloadKind!, $name: String!) {
    workloadDrift(instance: $instance, kind: $kind, name: $name) { object missing adoptable diff }
  }
`)
const SettleMutation = graphql(`
  mutation SettleDrift($instance: String!, $kind: WorkloadKind!, $name: String!, $adopt: Boolean) {
    settleDrift(instance: $instance, kind: $kind, name: $name, adopt: $adopt) { operationId }
  }
`)

/** What was changed with kubectl: shown, put back, or taken over into the files. */
export function WorkloadDrift(props: Of) {
  const navigate = useNavigate()
  const of = () => ({ instance: props.instance, kind: props.kind, name: props.name })
  const query = createLiveQuery(DriftQuery, of, (news) => news.kind === 'instance' && news.instance === props.instance)

  async function settle(adopt: boolean): Promise<void> {
    const input = { ...of(), adopt }
    if (!(await preview({ type: 'workload.drift', input }))) return
    const done = await act(SettleMutation, input)
    if (done) navigate(`/operations/${done.settleDrift.operationId}`)
  }

  return (
    <section aria-label={texts.drift}>
      <div class="flex flex-wrap items-center justify-between gap-3 mb-3">
        <p class="text-quiet text-sm">{texts.driftAbout}</p>
        <Button kind="quiet" onClick={query.refresh}>
          {texts.look}
        </Button>
      </div>
      <Loaded query={query}>
        {(data) => (
          <Show when={data.workloadDrift.length} fallback={<p class="card p-5 text-quiet">{texts.noDrift}</p>}>
            <ul class="grid gap-3">
              <For each={data.workloadDrift}>
                {(drift) => (
                  <li class="card p-4 min-w-0">
                    <p class="wrap-anywhere">
                      <code>{drift.object}</code> {drift.missing ? texts.missing : texts.changed}
                      <Show when={!drift.adoptable}>
                        <span class="text-quiet">, {texts.notAdoptable}</span>
                      </Show>
                    </p>
                    <Show when={drift.diff}>{(diff) => <Diff text={diff()} />}</Show>
                  </li>
                )}
              </For>
            </ul>
            <div class="grid gap-3 sm:grid-cols-2 mt-4">
              <Choice about={texts.putBackAbout} action={texts.putBack} go={() => settle(false)} />
              <Show when={data.workloadDrift.some(({ adoptable }) => adoptable)}>
                <Choice about={texts.adoptAbout} action={texts.adopt} go={() => settle(true)} />
              </Show>
            </div>
          </Show>
        )}
      </Loaded>
    </section>
  )
}

function Choice(props: { about: string; action: string; go(): void }) {
  return (
    <div class="card p-4 flex flex-wrap gap-3 items-center justify-between">
      <p class="text-sm grow basis-40">{props.about}</p>
      <Button aria-haspopup="dialog" onClick={() => props.go()}>
        {props.action}
      </Button>
    </div>
  )
}
