import { For, Show } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { Failure } from '../../graphql/failure.ts'
import { workload as texts } from '../../strings/workload.ts'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { type Setting as Declared, SettingField, textOf } from '../app/setting-field.tsx'

/** A setting as the manifest declares it, and what it is now. */
export interface Setting extends Declared {
  /** What it is when nobody says, where that is known. */
  default?: unknown
  value: unknown
}

/** What stands in the field before anybody types. */
const shownIn = ({ value, default: otherwise }: Setting): string => textOf(value ?? otherwise)

/**
 * The settings of an app or service as a form made of its manifest. `save` gets what was changed and says whether that is
 * kept; a refusal is shown at its field.
 */
export function SettingsForm(props: {
  settings: Setting[]
  action: string
  save(config: Record<string, string>, refused: (failure: Failure) => void): Promise<boolean>
}) {
  const [form, setForm] = createStore<{ typed: Record<string, string>; refusal?: Failure; busy: boolean }>({
    typed: {},
    busy: false,
  })
  const textIn = (setting: Setting) => form.typed[setting.name] ?? shownIn(setting)
  const changed = () => props.settings.filter((setting) => textIn(setting).trim() !== shownIn(setting))
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
    if (await props.save(config, (refusal) => setForm({ refusal }))) undo()
    setForm('busy', false)
  }

  return (
    <Show when={props.settings.length} fallback={<p class="text-quiet">{texts.noSettings}</p>}>
      <form class="grid gap-5 min-w-0" onSubmit={save} novalidate>
        <div class="grid gap-4 sm:grid-cols-2 items-start">
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
        </div>
        <Show when={form.refusal && !props.settings.some(({ name }) => problemOf(name)) && form.refusal}>
          {(failure) => <FailureNotice failure={failure()} />}
        </Show>
        <div class="flex flex-wrap gap-2 items-center">
          <Button type="submit" disabled={form.busy || changed().length === 0}>
            {props.action}
          </Button>
          <Show when={changed().length}>
            <Button kind="quiet" onClick={undo}>
              {texts.undo}
            </Button>
          </Show>
          <span class="text-quiet text-sm" role="status">
            {changed().length ? texts.unsaved(changed().length) : ''}
          </span>
        </div>
      </form>
    </Show>
  )
}
