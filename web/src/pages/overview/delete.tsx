import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { overview } from '../../strings/overview.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'

const DeleteMutation = graphql(
  'mutation DeleteInstance($instance: String!, $force: Boolean) { deleteInstance(instance: $instance, force: $force) }',
)
const texts = overview.delete

/** An instance that has no cluster which runs. */
const still = ['initialized', 'configured', 'unreachable']

/** Moves the instance to the trash, from where it can be brought back for a while. */
export function DeleteInstance(props: { instance: string; status: string }) {
  const navigate = useNavigate()
  const [refusal, setRefusal] = createSignal<Failure>()
  const alive = () => !still.includes(props.status)

  async function remove(): Promise<void> {
    setRefusal(undefined)
    const sure = await confirm({
      title: texts.sure(props.instance),
      lines: [texts.trash, ...(alive() ? [texts.alive] : [])],
      action: texts.go,
      danger: true,
      word: props.instance,
    })
    if (!sure) return
    if (!(await act(DeleteMutation, { instance: props.instance, force: alive() }, setRefusal))) return
    showGood(texts.done(props.instance))
    navigate('/')
  }

  return (
    <details class="card p-4 mt-4">
      <summary class="font-semibold">{texts.title}</summary>
      <p class="text-quiet text-sm max-w-xl my-3">{texts.about}</p>
      <Show when={refusal()}>
        {(failure) => (
          <div class="mb-3">
            <FailureNotice failure={failure()} />
          </div>
        )}
      </Show>
      <Button kind="danger" onClick={remove}>
        {texts.start}
      </Button>
    </details>
  )
}
