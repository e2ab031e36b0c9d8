import { useNavigate } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { apps as texts } from '../../strings/apps.ts'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'
import { type Setting, SettingField, textOf } from './setting-field.tsx'

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

/** The settings of an app as a form made of its manifest. Of one that runs, saving shows the plan of the update first. */
export function AppSettings(props: {
  instance: string
  app: string
  runs: boolean
  settings: (Setting & { value: unknown })[]
}) {
  const navigate = useNavigate()
  const [form, setForm] = createStore<{ typed: Record<string, string>; refusal?: Failure; busy: boolean }>({
    typed: {},
    busy: false,
  })
  const textIn = (setting: Setting & { value: unknown }) => form.typed[setting.name] ?? textOf(setting.value)
  const changed = () => props.settings.filter((setting) => textIn(setting).trim() !== textOf(setting.value))
  const problemOf = (name: string) => (form.refusal?.details.field === name ? form.refusal.message : undefined)
  function undo(): void {
    setForm('typed', reconcile({}))
    setForm('refusal', undefined)
  }

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const config = Object.fromEntries(changed().map((setting) => [setting.name, textIn(setting).trim()]))
    if (Object.keys(config).length === 0) return
    setForm({ refusal: undefined, busy: true })
    await send({ instance: props.instance, app: props.app, config })
    setForm('busy', false)
  }

  async function send(input: { instance: string; app: string; config: Record<string, string> }): Promise<void> {
    const refused = (refusal: Failure) => setForm({ refusal })
    if (!props.runs) {
      if (await act(ConfigureMutation, input, refused)) undo()
      return
    }
    if (!(await preview({ type: 'app.update', input }))) return
    const done = await act(UpdateMutation, input, refused)
    if (done) navigate(`/operations/${done.updateApp.operationId}`)
  }

  return (
    <Show when={props.settings.length} fallback={<p class="text-quiet">{texts.noSettings}</p>}>
      <form class="grid gap-4" onSubmit={save} novalidate>
        <For each={props.settings}>
          {(setting) => (
            <SettingField
              of={setting}
              value={textIn(setting)}
              problem={problemOf(setting.name)}
              onInput={(text) => setForm('typed', setting.name, text)}
            />
          )}
        </For>
        <Show when={form.refusal && !props.settings.some(({ name }) => problemOf(name)) && form.refusal}>
          {(failure) => <FailureNotice failure={failure()} />}
        </Show>
        <div class="flex flex-wrap gap-2 items-center">
          <Button type="submit" disabled={form.busy || changed().length === 0}>
            {props.runs ? texts.saveAndUpdate : texts.save}
          </Button>
          <Show when={changed().length}>
            <Button kind="quiet" onClick={undo}>
              {texts.undo}
            </Button>
          </Show>
          <span class="text-quiet text-sm" role="status">
            {changed().length ? texts.changed(changed().length) : ''}
          </span>
        </div>
      </form>
    </Show>
  )
}
