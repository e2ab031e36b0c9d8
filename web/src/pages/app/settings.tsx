import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { workload as texts } from '../../strings/workload.ts'
import { preview } from '../../ui/plan.tsx'
import { type Setting, SettingsForm } from '../workload/settings-form.tsx'

const ConfigureMutation = graphql(`
  mutation ConfigureApp($instance: String!, $app: String!, $config: JSON) {
    configureApp(instance: $instance, app: $app, config: $config) { name }
  }
`)
const UpdateMutation = graphql(`
  mutation UpdateApp($instance: String!, $app: String!, $config: JSON) {
    updateApp(instance: $instance, app: $app, config: $config) { operationId }
  }
`)

/** The settings of an app. Of one that runs, saving shows the plan of the update first. */
export function AppSettings(props: { instance: string; app: string; runs: boolean; settings: Setting[] }) {
  const navigate = useNavigate()

  async function save(config: Record<string, string>, refused: (failure: Failure) => void): Promise<boolean> {
    const input = { instance: props.instance, app: props.app, config }
    if (!props.runs) return (await act(ConfigureMutation, input, refused)) !== undefined
    if (!(await preview({ type: 'app.update', input }))) return false
    const done = await act(UpdateMutation, input, refused)
    if (done) navigate(`/operations/${done.updateApp.operationId}`)
    return done !== undefined
  }

  return (
    <SettingsForm
      settings={props.settings}
      below={`apps.${props.app}.`}
      action={props.runs ? texts.saveAndUpdate : texts.save}
      save={save}
    />
  )
}
