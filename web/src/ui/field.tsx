import { createUniqueId, For, type JSX, Show } from 'solid-js'

/** Names of instances and nodes. */
export const namePattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'

/** A labelled list to choose from: values with what they are called. `problem` is what is wrong with the choice, in words. */
export function SelectField(props: {
  label: string
  help?: string
  value: string
  options: readonly (readonly [value: string, title: string])[]
  onChange(value: string): void
  problem?: string
}) {
  const id = createUniqueId()
  return (
    <Labelled id={id} label={props.label} help={props.help} problem={props.problem}>
      <select
        id={id}
        class="field"
        value={props.value}
        aria-invalid={props.problem ? 'true' : undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        <For each={props.options}>
          {([value, title]) => (
            <option value={value} selected={value === props.value}>
              {title}
            </option>
          )}
        </For>
      </select>
    </Labelled>
  )
}

/** A field with its label above it, and below what is wrong with it, else what it is for. */
function Labelled(props: { id: string; label: string; help?: string; problem?: string; children: JSX.Element }) {
  return (
    <div class="grid gap-1 content-start">
      <label class="text-sm font-medium" for={props.id}>
        {props.label}
      </label>
      {props.children}
      <span
        id={`${props.id}-help`}
        class="text-sm empty:hidden"
        classList={{ 'text-bad': !!props.problem, 'text-quiet': !props.problem }}
      >
        <Show when={props.problem} fallback={props.help}>
          <span role="alert">{props.problem}</span>
        </Show>
      </span>
    </div>
  )
}

/** A labelled input; `problem` is what is wrong with it, in words. */
export function Field(props: {
  label: string
  help?: string
  value: string
  onInput(value: string): void
  problem?: string
  placeholder?: string
  type?: string
  autofocus?: boolean
  /** What would fit, offered while typing. */
  suggestions?: readonly string[]
  onFocus?(): void
}) {
  const id = createUniqueId()
  return (
    <Labelled id={id} label={props.label} help={props.help} problem={props.problem}>
      <input
        ref={(input) => props.autofocus && queueMicrotask(() => input.focus())}
        id={id}
        class="field"
        type={props.type ?? 'text'}
        inputmode={props.type === 'email' ? 'email' : undefined}
        value={props.value}
        placeholder={props.placeholder}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={props.problem ? 'true' : undefined}
        aria-describedby={`${id}-help`}
        list={props.suggestions?.length ? `${id}-list` : undefined}
        onFocus={() => props.onFocus?.()}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Show when={props.suggestions?.length}>
        <datalist id={`${id}-list`}>
          <For each={props.suggestions}>{(one) => <option value={one} />}</For>
        </datalist>
      </Show>
    </Labelled>
  )
}
