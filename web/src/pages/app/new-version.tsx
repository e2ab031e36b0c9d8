import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { apps as texts } from '../../strings/apps.ts'
import { Button, Notice } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'

const ToVersionMutation = graphql(`
  mutation ToVersion($instance: String!, $app: String!) {
    updateApp(instance: $instance, app: $app) { operationId }
  }
`)

/** Says that the catalog has another version; the way there shows its plan first. */
export function NewVersion(props: { instance: string; app: string; version: string }) {
  const navigate = useNavigate()

  async function update(): Promise<void> {
    const input = { instance: props.instance, app: props.app }
    if (!(await preview({ type: 'app.update', input }))) return
    const done = await act(ToVersionMutation, input)
    if (done) navigate(`/operations/${done.updateApp.operationId}`)
  }

  return (
    <div class="mb-5">
      <Notice tone="accent">
        <div class="flex flex-wrap gap-3 items-center justify-between">
          <p>{texts.newVersion(props.version)}</p>
          <Button onClick={update}>{texts.update}</Button>
        </div>
      </Notice>
    </div>
  )
}
