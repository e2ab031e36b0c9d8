import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { appPage as texts } from '../../strings/app.ts'
import { Check } from '../../ui/choice.tsx'
import { confirm } from '../../ui/confirm.tsx'
import { Button } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'

const DeleteMutation = graphql(`
  mutation DeleteApp($instance: String!, $app: String!, $deleteData: Boolean) {
    deleteApp(instance: $instance, app: $app, deleteData: $deleteData) { operationId }
  }
`)

/** Deletes an app once its name was typed; whether its data goes too is chosen in the same dialog, its plan in view. */
export function DeleteApp(props: { instance: string; app: string; title: string }) {
  const navigate = useNavigate()

  async function remove(): Promise<void> {
    const [deleteData, setDeleteData] = createSignal(false)
    const input = () => ({ instance: props.instance, app: props.app, deleteData: deleteData() })
    const wanted = await confirm({
      title: texts.deleteTitle(props.title),
      lines: texts.deleteLines,
      action: texts.delete,
      no: texts.deleteKeep,
      danger: true,
      word: props.app,
      more: () => (
        <>
          <Check
            title={texts.deleteData}
            about={deleteData() ? texts.deleteDataYes : texts.deleteDataNo}
            checked={deleteData()}
            onChange={setDeleteData}
          />
          <Show when={input()} keyed>
            {(of) => <PlanView of={{ type: 'app.delete', input: of }} />}
          </Show>
        </>
      ),
    })
    if (!wanted) return
    const done = await act(DeleteMutation, input())
    if (done) navigate(`/operations/${done.deleteApp.operationId}`)
  }

  return (
    <Button kind="quiet" aria-haspopup="dialog" onClick={remove}>
      {texts.delete}
    </Button>
  )
}
