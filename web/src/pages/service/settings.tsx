import { useNavigate } from '@solidjs/router'
import { type ComponentProps, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { servicePage as texts } from '../../strings/service.ts'
import { workload } from '../../strings/workload.ts'
import { Button } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'
import { showGood } from '../../ui/toasts.tsx'
import { SecretFields } from '../workload/secret-fields.tsx'
import { type Setting, SettingsForm } from '../workload/settings-form.tsx'
import { Card } from '../workload/world.tsx'

const ConfigureMutation = graphql(`
  mutation ConfigureService($instance: String!, $service: String!, $config: JSON) {
    configureService(instance: $instance, service: $service, config: $config) { name }
  }
`)
const UpdateMutation = graphql(`
  mutation UpdateService($instance: String!, $service: String!, $config: JSON) {
    updateService(instance: $instance, service: $service, config: $config) { operationId }
  }
`)
const FetchMutation = graphql(`
  mutation FetchService($instance: String!, $service: String!) {
    updateService(instance: $instance, service: $service, fetch: true, deploy: false) { operationId }
  }
`)

interface ShownService {
  name: string
  status: string
  settingsOnly: boolean
  settings: Setting[]
  secrets: ComponentProps<typeof SecretFields>['secrets']
}

/** Settings, secrets and files of a service. Of one that is installed, saving shows the plan of the update first. */
export function ServiceSettings(props: { instance: string; service: ShownService }) {
  const navigate = useNavigate()
  const of = () => ({ instance: props.instance, service: props.service.name })
  const runs = () => props.service.status !== 'not_installed' && !props.service.settingsOnly

  async function save(config: Record<string, string>, refused: (failure: Failure) => void): Promise<boolean> {
    const input = { ...of(), config }
    if (!runs()) {
      const saved = await act(ConfigureMutation, input, refused)
      if (saved) showGood(texts.settingsSaved)
      return saved !== undefined
    }
    if (!(await preview({ type: 'service.update', input }))) return false
    const done = await act(UpdateMutation, input, refused)
    if (done) navigate(`/operations/${done.updateService.operationId}`)
    return done !== undefined
  }

  async function fetch(): Promise<void> {
    if (!(await preview({ type: 'service.update', input: { ...of(), fetch: true, deploy: false } }))) return
    const done = await act(FetchMutation, of())
    if (done) navigate(`/operations/${done.updateService.operationId}`)
  }

  return (
    <div class="grid gap-5">
      <SettingsForm
        settings={props.service.settings}
        action={runs() ? workload.saveAndUpdate : workload.save}
        save={save}
      />
      <SecretFields instance={props.instance} secrets={props.service.secrets} />
      <Show when={runs()}>
        <Card title={texts.files}>
          <p class="text-quiet text-sm mb-3">{texts.filesAbout}</p>
          <Button aria-haspopup="dialog" onClick={fetch}>
            {texts.fetch}
          </Button>
        </Card>
      </Show>
    </div>
  )
}
