import { createMemo, createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { config } from '../../strings/config.ts'
import { Badge, Button } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'
import { type FormKey, groupsOf, typedValue } from './groups.ts'

const SetMutation = graphql(
  'mutation SetConfig($instance: String!, $path: String!, $value: JSON!) { setConfig(instance: $instance, path: $path, value: $value) }',
)
const RemoveMutation = graphql(
  'mutation RemoveConfig($instance: String!, $path: String!) { deleteConfig(instance: $instance, path: $path) }',
)

interface FormProps {
  instance: string
  keys: FormKey[]
  /** The file is being edited: the form would write into what is about to be replaced. */
  locked: boolean
  /** Says which keys hold something typed that is not saved. */
  onDirty(path: string, dirty: boolean): void
}

/** Every declared setting with what it is for, what it holds and what would fit. Each is saved by itself. */
export function Form(props: FormProps) {
  const [search, setSearch] = createSignal('')
  const [onlyMissing, setOnlyMissing] = createSignal(false)
  const missing = () => props.keys.filter(({ required, isSet }) => required && !isSet).length
  // Headings and paths are words: what is typed into a field stays when the values come anew.
  const groups = createMemo(() => {
    const wanted = search().toLowerCase()
    const matching = props.keys.filter(
      ({ path, help, required, isSet }) =>
        `${path} ${help}`.toLowerCase().includes(wanted) && (!onlyMissing() || (required && !isSet)),
    )
    return new Map(groupsOf(matching).map(({ title, keys }) => [title, keys.map(({ path }) => path)]))
  })
  return (
    <div class="grid gap-4">
      <div class="flex flex-wrap items-center gap-3">
        <input
          class="field grow !w-auto min-w-0"
          type="search"
          placeholder={config.search}
          aria-label={config.search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <Show when={missing() || onlyMissing()}>
          <label class="flex items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              checked={onlyMissing()}
              onChange={(event) => setOnlyMissing(event.currentTarget.checked)}
            />
            {config.onlyMissing(missing())}
          </label>
        </Show>
      </div>
      <Show when={props.locked}>
        <p class="text-sm text-warn">{config.draftOpen}</p>
      </Show>
      <For each={[...groups().keys()]} fallback={<p class="text-quiet">{config.noneFound}</p>}>
        {(title) => (
          <section class="card p-4" aria-label={title}>
            <h2 class="text-heading font-semibold mb-3">{title}</h2>
            <ul class="grid gap-4">
              <For each={groups().get(title)}>
                {(path) => (
                  <Show when={props.keys.find((key) => key.path === path)}>
                    {(key) => <Setting of={key()} {...props} />}
                  </Show>
                )}
              </For>
            </ul>
          </section>
        )}
      </For>
    </div>
  )
}

function Setting(props: FormProps & { of: FormKey }) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal<string>()
  const [refusal, setRefusal] = createSignal<Failure>()
  const stored = () => (props.of.isSet ? shown(props.of.value) : '')
  const text = () => typed() ?? stored()
  const dirty = () => typed() !== undefined && typed() !== stored()
  const fits = () => (!props.of.isSet && props.of.suggestion != null ? shown(props.of.suggestion) : undefined)

  function type(value: string | undefined): void {
    setTyped(value)
    setRefusal(undefined)
    props.onDirty(props.of.path, value !== undefined && value !== stored())
  }
  onCleanup(() => props.onDirty(props.of.path, false))

  async function save(event?: Event): Promise<void> {
    event?.preventDefault()
    if (!dirty()) return
    if (text().trim() === '') return remove()
    const { instance } = props
    const { path, kind } = props.of
    const done = await act(SetMutation, { instance, path, value: typedValue(kind, text()) }, setRefusal)
    if (!done) return
    showGood(config.isSet(path))
    type(undefined)
  }
  async function remove(): Promise<void> {
    const { path, isSet } = props.of
    if (isSet && !(await act(RemoveMutation, { instance: props.instance, path }, setRefusal))) return
    if (isSet) showGood(config.removed(path))
    type(undefined)
  }

  return (
    <li>
      <form class="grid gap-1" onSubmit={save}>
        <div class="flex flex-wrap items-baseline gap-x-2">
          <label class="text-sm font-medium" for={id}>
            <code>{props.of.path}</code>
          </label>
          <span class="text-small text-quiet">{props.of.kind}</span>
          <Show when={props.of.required && !props.of.isSet}>
            <Badge text={config.required} />
          </Show>
        </div>
        <div class="flex flex-wrap gap-2">
          <Show
            when={props.of.kind === 'true or false'}
            fallback={
              <input
                id={id}
                class="field grow !w-auto min-w-0 basis-48"
                value={text()}
                disabled={props.locked}
                placeholder={fits() ?? config.unset}
                inputmode={props.of.kind === 'port' || props.of.kind === 'whole number' ? 'numeric' : undefined}
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                aria-invalid={refusal() ? 'true' : undefined}
                aria-describedby={`${id}-help`}
                onInput={(event) => type(event.currentTarget.value)}
              />
            }
          >
            <select
              id={id}
              class="field !w-auto"
              disabled={props.locked}
              aria-describedby={`${id}-help`}
              onChange={(event) => type(event.currentTarget.value)}
            >
              <For each={['', 'true', 'false']}>
                {(value) => (
                  <option value={value} selected={value === text()}>
                    {value || config.unset}
                  </option>
                )}
              </For>
            </select>
          </Show>
          <Show when={dirty()}>
            <Button kind="main" type="submit" disabled={props.locked}>
              {config.save}
            </Button>
            <Button onClick={() => type(undefined)}>{config.revert}</Button>
          </Show>
          <Show when={!dirty() && fits()}>
            {(value) => (
              <Button kind="quiet" disabled={props.locked} onClick={() => type(value())}>
                <span class="wrap-anywhere">{config.use(value())}</span>
              </Button>
            )}
          </Show>
          <Show when={!dirty() && props.of.isSet && !props.of.required}>
            <Button
              kind="quiet"
              disabled={props.locked}
              aria-label={`${config.remove} ${props.of.path}`}
              onClick={remove}
            >
              {config.remove}
            </Button>
          </Show>
        </div>
        <p id={`${id}-help`} class="text-small" classList={{ 'text-bad': !!refusal(), 'text-quiet': !refusal() }}>
          <Show when={refusal()} fallback={about(props.of)}>
            {(failure) => <span role="alert">{failure().message}</span>}
          </Show>
        </p>
      </form>
    </li>
  )
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
}

function about({ help, default: preset }: FormKey): string {
  return preset ? `${help} ${config.usual(preset)}` : help
}
