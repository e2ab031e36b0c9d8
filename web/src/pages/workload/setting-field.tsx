import { createUniqueId, For, type JSX, Show } from 'solid-js'
import { workload as texts } from '../../strings/workload.ts'
import { Field } from '../../ui/field.tsx'

/** A setting as the app's manifest declares it. */
export interface Setting {
  name: string
  type: string
  title: string
  help: string | null
  choices: string[] | null
}

/** A value of a setting as it stands in a field. */
export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

interface FieldProps {
  of: Setting
  value: string
  problem: string | undefined
  onInput(text: string): void
}

/** The input that fits the type of the setting. */
export function SettingField(props: FieldProps): JSX.Element {
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
