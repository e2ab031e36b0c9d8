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
  mutation SettleDrift($instance: String!, $kind: WorkloadKind!, $name: String!, $adopt: Boolean, $objects: [String!]) {
    settleDrift(instance: $instance, kind: $kind, name: $name, adopt: $adopt, objects: $objects) { operationId }
  }
`)

interface Change {
  object: string
  missing: boolean
  adoptable: boolean
  diff: string | null
}

/** What was changed with kubectl: shown, put back, or taken over into the files, one by one or all of it. */
export function WorkloadDrift(props: Of) {
  const navigate = useNavigate()
  const of = () => ({ instance: props.instance, kind: props.kind, name: props.name })
  const query = createLiveQuery(DriftQuery, of, (news) => news.kind === 'instance' && news.instance === props.instance)

  async function settle(adopt: boolean, object?: string): Promise<void> {
    const input = { ...of(), adopt, ...(object ? { objects: [object] } : {}) }
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
                {(change) => (
                  <OneChange
                    of={change}
                    alone={data.workloadDrift.length === 1}
                    settle={(adopt) => settle(adopt, change.object)}
                  />
                )}
              </For>
            </ul>
            <div class="grid gap-3 sm:grid-cols-2 mt-4">
              <WayForAll
                about={texts.putBackAbout}
                action={data.workloadDrift.length > 1 ? texts.putAllBack : texts.putBack}
                go={() => settle(false)}
              />
              <Show when={data.workloadDrift.every(({ adoptable }) => adoptable)}>
                <WayForAll
                  about={adoptAbout(data.workloadDrift)}
                  action={data.workloadDrift.length > 1 ? texts.adoptAll : texts.adopt}
                  go={() => settle(true)}
                />
              </Show>
            </div>
          </Show>
        )}
      </Loaded>
    </section>
  )
}

/** What taking over means for these. */
function adoptAbout(changes: Change[]): string {
  const deleted = changes.some(({ missing }) => missing)
  const changed = changes.some(({ missing }) => !missing)
  return [changed && texts.adoptAbout, deleted && texts.leaveOutAbout].filter(Boolean).join(' ')
}

/** One object that differs; where there are several, with what can be done about it alone. */
function OneChange(props: { of: Change; alone: boolean; settle(adopt: boolean): void }) {
  return (
    <li class="card p-4 min-w-0">
      <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <p class="wrap-anywhere">
          <code>{props.of.object}</code> {props.of.missing ? texts.missing : texts.changed}
          <Show when={!props.of.adoptable}>
            <span class="text-quiet">, {texts.notAdoptable}</span>
          </Show>
        </p>
        <Show when={!props.alone}>
          <span class="flex flex-wrap gap-2">
            <Way name={texts.putBackOne(props.of.object)} action={texts.putBack} go={() => props.settle(false)} />
            <Show when={props.of.adoptable}>
              <Way name={texts.adoptOne(props.of.object)} action={texts.adopt} go={() => props.settle(true)} />
            </Show>
          </span>
        </Show>
      </div>
      <Show when={props.of.diff}>{(diff) => <Diff text={diff()} />}</Show>
    </li>
  )
}

/** What is done about one object; `name` says which, to whoever does not see the row. */
function Way(props: { name: string; action: string; go(): void }) {
  return (
    <Button kind="quiet" aria-haspopup="dialog" aria-label={props.name} onClick={() => props.go()}>
      {props.action}
    </Button>
  )
}

/** What is done about all of them. */
function WayForAll(props: { about: string; action: string; go(): void }) {
  return (
    <div class="card p-4 flex flex-wrap gap-3 items-center justify-between">
      <p class="text-sm grow basis-40">{props.about}</p>
      <Button aria-haspopup="dialog" onClick={() => props.go()}>
        {props.action}
      </Button>
    </div>
  )
}
