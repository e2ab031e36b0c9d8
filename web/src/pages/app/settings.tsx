import { useNavigate } from '@solidjs/router'
import { createUniqueId, For, type JSX, Show } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { apps as texts } from '../../strings/apps.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'

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

/** A setting as the app's manifest declares it. */
interface Setting {
  name: string
  type: string
  title: string
  help: string | null
  choices: string[] | null
  value: unknown
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

/** The settings of an app as a form made of its manifest. Of one that runs, saving shows the plan of the update first. */
export function AppSettings(props: { instance: string; app: string; runs: boolean; settings: Setting[] }) {
  const navigate = useNavigate()
  const [form, setForm] = createStore<{ typed: Record<string, string>; refusal?: Failure; busy: boolean }>({
    typed: {},
    busy: false,
  })
  const textIn = (setting: Setting) => form.typed[setting.name] ?? textOf(setting.value)
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

interface FieldProps {
  of: Setting
  value: string
  problem: string | undefined
  onInput(text: string): void
}

/** The input that fits the type of the setting. */
function SettingField(props: FieldProps): JSX.Element {
  const id = createUniqueId()
  const choices = () => props.of.choices ?? (props.of.type === 'boolean' ? ['true', 'false'] : undefined)
  const words: Record<string, string> = { true: texts.on, false: texts.off }
  return (
    <Show
      when={choices()}
      fallback={
        <Field
          label={props.of.title}
          help={props.of.help ?? undefined}
          type={props.of.type === 'email' ? 'email' : 'text'}
          value={props.value}
          problem={props.problem}
          onInput={props.onInput}
        />
      }
    >
      {(offered) => (
        <div class="grid gap-1">
          <label class="text-sm font-medium" for={id}>
            {props.of.title}
          </label>
          <select
            id={id}
            class="field"
            aria-describedby={`${id}-help`}
            aria-invalid={props.problem ? 'true' : undefined}
            onChange={(event) => props.onInput(event.currentTarget.value)}
          >
            <For each={offered()}>
              {(choice) => (
                <option value={choice} selected={choice === props.value}>
                  {props.of.type === 'boolean' ? words[choice] : choice}
                </option>
              )}
            </For>
          </select>
          <span id={`${id}-help`} class={`text-sm ${props.problem ? 'text-bad' : 'text-quiet'}`}>
            <Show when={props.problem} fallback={props.of.help}>
              <span role="alert">{props.problem}</span>
            </Show>
          </span>
        </div>
      )}
    </Show>
  )
}
