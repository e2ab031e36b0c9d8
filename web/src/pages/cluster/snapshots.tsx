import { useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { clusterText } from '../../strings/cluster.ts'
import { createClock } from '../../ui/clock.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'
import { ago, bytes } from '../../ui/time.ts'

const texts = clusterText.snapshots

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
      title: texts.restoreTitle(snapshot),
      lines: texts.restoreLines,
      action: texts.restoreGo,
      danger: true,
      word: props.instance,
      more: () => <PlanView of={{ type: 'cluster.etcd-restore', input }} />,
    })
    const done = sure && (await act(RestoreMutation, input))
    if (done) navigate(`/operations/${done.restoreEtcdSnapshot.operationId}`)
  }

  async function remove(snapshot: string): Promise<void> {
    const sure = await confirm({
      title: texts.removeTitle(snapshot),
      lines: texts.removeLines,
      action: texts.removeGo,
      danger: true,
    })
    if (sure && (await act(DeleteMutation, { instance: props.instance, snapshot }))) props.query.refresh()
  }

  return (
    <Show when={props.bootstrapped || snapshots().length}>
      <h2 class="font-semibold mt-8 mb-2">{texts.title}</h2>
      <p class="text-quiet mb-3">{texts.about}</p>
      <Show when={snapshots().length}>
        <ul class="card divide-y divide-line mb-4">
          <For each={snapshots()}>
            {(row) => (
              <li class="p-4 flex flex-wrap gap-3 items-center">
                <div class="grow min-w-0">
                  <p class="font-medium wrap-anywhere">{row.name}</p>
                  <p class="text-quiet text-sm">
                    {ago(row.takenAt, now())} · {row.whole ? bytes(row.size) : texts.damaged}
                    <Show when={row.node}>{(node) => <> · {texts.from(node())}</>}</Show>
                    <Show when={row.kubernetesVersion}>{(version) => <> · {texts.kubernetes(version())}</>}</Show>
                  </p>
                </div>
                <Button onClick={() => restore(row.name)} disabled={!row.whole} aria-label={texts.restoreIt(row.name)}>
                  {texts.restore}
                </Button>
                <Button kind="quiet" onClick={() => remove(row.name)} aria-label={texts.removeIt(row.name)}>
                  {texts.remove}
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
          <Field label={texts.name} value={name()} onInput={setName} />
          <Button type="submit">{texts.save}</Button>
        </form>
        <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      </Show>
    </Show>
  )
}
