import { useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { createClock } from '../../ui/clock.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'
import { ago, bytes } from '../../ui/time.ts'

const SnapshotsQuery = graphql(`
  query EtcdSnapshots($instance: String!) {
    etcdSnapshots(instance: $instance) { name file takenAt size automatic whole node keys kubernetesVersion }
  }
`)
const SaveMutation = graphql(`
  mutation SaveEtcdSnapshot($instance: String!, $name: String) {
    saveEtcdSnapshot(instance: $instance, name: $name) { operationId }
  }
`)
const RestoreMutation = graphql(`
  mutation RestoreEtcdSnapshot($instance: String!, $snapshot: String!) {
    restoreEtcdSnapshot(instance: $instance, snapshot: $snapshot, confirm: true) { operationId }
  }
`)
const DeleteMutation = graphql(`
  mutation DeleteEtcdSnapshot($instance: String!, $snapshot: String!) {
    deleteEtcdSnapshot(instance: $instance, snapshot: $snapshot)
  }
`)

/** Asks for them; the page does at once, not when it knows how the cluster is. */
export const createSnapshots = (instance: () => string) =>
  createLiveQuery(SnapshotsQuery, () => ({ instance: instance() }), about(instance))

/** Snapshots of what the cluster holds: save one, put the cluster back to one. */
export function Snapshots(props: {
  instance: string
  bootstrapped: boolean
  query: ReturnType<typeof createSnapshots>
}) {
  const navigate = useNavigate()
  const now = createClock()
  const [name, setName] = createSignal('')
  const [refusal, setRefusal] = createSignal<Failure>()
  const snapshots = () => props.query.data?.etcdSnapshots ?? []

  async function save(): Promise<void> {
    setRefusal(undefined)
    const done = await act(SaveMutation, { instance: props.instance, name: name().trim() || null }, setRefusal)
    if (done) navigate(`/operations/${done.saveEtcdSnapshot.operationId}`)
  }

  async function restore(snapshot: string): Promise<void> {
    const input = { instance: props.instance, snapshot }
    const sure = await confirm({
      title: `Put the cluster back to ${snapshot}?`,
      lines: [
        'Everything that changed in the cluster since then is lost: what was deployed, changed or removed there.',
        'What is there now is saved as a snapshot first, as long as etcd runs. The control planes restart.',
      ],
      action: 'Put it back',
      danger: true,
      word: props.instance,
      more: () => <PlanView of={{ type: 'cluster.etcd-restore', input }} />,
    })
    const done = sure && (await act(RestoreMutation, input))
    if (done) navigate(`/operations/${done.restoreEtcdSnapshot.operationId}`)
  }

  async function remove(snapshot: string): Promise<void> {
    const sure = await confirm({
      title: `Remove the snapshot ${snapshot} for good?`,
      lines: ['The cluster cannot be put back to it afterwards.'],
      action: 'Remove for good',
      danger: true,
    })
    if (sure && (await act(DeleteMutation, { instance: props.instance, snapshot }))) props.query.refresh()
  }

  return (
    <Show when={props.bootstrapped || snapshots().length}>
      <h2 class="font-semibold mt-8 mb-2">Snapshots of etcd</h2>
      <p class="text-quiet mb-3">
        What the cluster holds at one moment: every object with its secrets, not the files of apps. One is saved before
        every upgrade and reset.
      </p>
      <Show when={snapshots().length}>
        <ul class="card divide-y divide-line mb-4">
          <For each={snapshots()}>
            {(row) => (
              <li class="p-4 flex flex-wrap gap-3 items-center">
                <div class="grow min-w-0">
                  <p class="font-medium wrap-anywhere">{row.name}</p>
                  <p class="text-quiet text-sm">
                    {ago(row.takenAt, now())} · {row.whole ? bytes(row.size) : 'damaged'}
                    <Show when={row.node}> · from {row.node}</Show>
                    <Show when={row.kubernetesVersion}> · Kubernetes {row.kubernetesVersion}</Show>
                  </p>
                </div>
                <Button
                  onClick={() => restore(row.name)}
                  disabled={!row.whole}
                  aria-label={`Put the cluster back to ${row.name}`}
                >
                  Put back…
                </Button>
                <Button kind="quiet" onClick={() => remove(row.name)} aria-label={`Remove the snapshot ${row.name}`}>
                  Remove…
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.bootstrapped}>
        <form
          class="flex flex-wrap gap-3 items-end"
          onSubmit={(event) => {
            event.preventDefault()
            save()
          }}
        >
          <Field label="Name (optional)" value={name()} onInput={setName} />
          <Button type="submit">Save a snapshot</Button>
        </form>
        <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      </Show>
    </Show>
  )
}
