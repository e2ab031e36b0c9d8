import { createSignal, Show } from 'solid-js'
import type { Failure } from '../../graphql/failure.ts'
import { workload as texts } from '../../strings/workload.ts'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { type Setting as Declared, textOf } from './setting-field.tsx'
import { createSettingsDraft, SettingFields } from './settings-draft.tsx'

/** A setting as the manifest declares it, and what it is now. */
export interface Setting extends Declared {
  /** What it is when nobody says, where that is known. */
  default?: unknown
  value: unknown
}

/**
 * The settings of an app or service as a form made of its manifest. `save` gets what was changed and says whether that is
 * kept; a refusal is shown at its field.
 */
export function SettingsForm(props: {
  settings: Setting[]
  /** Where they are in config.yaml, when their names are not whole paths: "apps.ghost." */
  below?: string
  action: string
  save(config: Record<string, string>, refused: (failure: Failure) => void): Promise<boolean>
}) {
  const draft = createSettingsDraft({
    settings: () => props.settings,
    shown: ({ value, default: otherwise }) => textOf(value ?? otherwise),
    below: props.below,
  })
  const [busy, setBusy] = createSignal(false)
  const changes = () => Object.keys(draft.changed()).length

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (changes() === 0) return
    draft.refuse(undefined)
    setBusy(true)
    if (await props.save(draft.changed(), draft.refuse)) draft.undo()
    setBusy(false)
  }

  return (
    <Show when={props.settings.length} fallback={<p class="text-quiet">{texts.noSettings}</p>}>
      <form class="grid gap-5 min-w-0" onSubmit={save} novalidate>
        <SettingFields of={draft} />
        <Show when={draft.elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
        <div class="flex flex-wrap gap-2 items-center">
          <Button type="submit" disabled={busy() || changes() === 0}>
            {props.action}
          </Button>
          <Show when={changes()}>
            <Button kind="quiet" onClick={draft.undo}>
              {texts.undo}
            </Button>
          </Show>
          <span class="text-quiet text-sm" role="status">
            {changes() ? texts.unsaved(changes()) : ''}
          </span>
        </div>
      </form>
    </Show>
  )
}
