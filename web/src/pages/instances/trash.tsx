import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { instancesText } from '../../strings/instances.ts'
import { createClock } from '../../ui/clock.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { ago, bytes } from '../../ui/time.ts'
import { showGood } from '../../ui/toasts.tsx'

const TrashQuery = graphql('query Trash { trash { entry name description deletedAt goneAt size apps } }')
const RestoreMutation = graphql(
  'mutation RestoreInstance($entry: String!, $name: String) { restoreInstance(entry: $entry, name: $name) { name } }',
)
const DeleteMutation = graphql('mutation DeleteTrash($entry: String!) { deleteTrash(entry: $entry) }')

const { trash } = instancesText

interface Entry {
  entry: string
  name: string
  description: string
  deletedAt: string
  goneAt: string | null
  size: number
  apps: string[]
}

/** Deleted instances; nothing when there are none. */
export function Trash() {
  const query = createLiveQuery(TrashQuery, () => ({}))
  const entries = () => (query.data?.trash ?? []) as Entry[]
  return (
    <Show when={entries().length}>
      <h2 class="font-semibold mt-8 mb-2">{trash.title}</h2>
      <ul class="card divide-y divide-line">
        <For each={entries()}>{(entry) => <Row entry={entry} changed={query.refresh} />}</For>
      </ul>
    </Show>
  )
}

function Row(props: { entry: Entry; changed(): void }) {
  const now = createClock()
  const [name, setName] = createSignal('')
  const { refuse, against, elsewhere } = createRefusal('name')

  async function restore(): Promise<void> {
    const variables = { entry: props.entry.entry, name: name() || null }
    const done = await act(RestoreMutation, variables, refuse)
    if (!done) return
    showGood(trash.isBack(done.restoreInstance.name), `/instances/${done.restoreInstance.name}`)
    props.changed()
  }

  async function remove(): Promise<void> {
    const sure = await confirm({
      title: trash.removeTitle(props.entry.name),
      lines: trash.removeLines,
      action: trash.remove,
      danger: true,
      word: props.entry.name,
    })
    if (sure && (await act(DeleteMutation, { entry: props.entry.entry }))) props.changed()
  }

  return (
    <li class="p-4 grid gap-3">
      <div class="flex flex-wrap gap-3 items-center">
        <div class="grow min-w-0">
          <p class="font-medium wrap-anywhere">
            {props.entry.name} <span class="text-quiet font-normal">{props.entry.description}</span>
          </p>
          <p class="text-quiet text-sm">
            {trash.deleted(ago(props.entry.deletedAt, now()))} · {bytes(props.entry.size)}
            <Show when={props.entry.apps.length}> · {props.entry.apps.join(', ')}</Show>
            <Show when={props.entry.goneAt}>{(at) => <> · {trash.goneAt(ago(at(), now()))}</>}</Show>
          </p>
        </div>
        <Button onClick={restore} aria-label={trash.restoreIt(props.entry.name)}>
          {trash.restore}
        </Button>
        <Button kind="danger" onClick={remove} aria-label={trash.removeIt(props.entry.name)}>
          {trash.remove}
        </Button>
      </div>
      <Show when={against('name')}>
        <Field label={trash.otherName} value={name()} onInput={setName} problem={against('name')} />
      </Show>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
    </li>
  )
}
