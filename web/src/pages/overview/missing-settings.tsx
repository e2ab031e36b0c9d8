import { createSignal, For, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { overview } from '../../strings/overview.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { type AskedKey, defaultOf, typedValue } from './default-of.ts'

const ChangeMutation = graphql(
  'mutation ChangeConfig($instance: String!, $changes: [ConfigChangeInput!]!) { changeConfig(instance: $instance, changes: $changes) }',
)

/** A declared key that has no value yet. */
export interface MissingKey extends AskedKey {
  question: string | null
  help: string
}

const inputTypes: Partial<Record<string, string>> = { 'e-mail': 'email' }

/**
 * Asks for the keys with the questions and defaults that the daemon declares, the same that the command line asks with.
 * Defaults made of other keys follow as those are typed. All are saved at once, or none.
 */
export function MissingSettings(props: { instance: string; keys: MissingKey[] }) {
  const [typed, setTyped] = createStore<Record<string, string>>({})
  const { refuse, against, elsewhere } = createRefusal(() => props.keys.map(({ path }) => path))
  const [busy, setBusy] = createSignal(false)

  function value(path: string): string {
    const key = props.keys.find((each) => each.path === path)
    return typed[path] ?? (key ? defaultOf(key, props.keys, value) : '')
  }

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    refuse(undefined)
    const changes = props.keys
      .map((key) => ({ path: key.path, value: typedValue(key, value(key.path).trim()) }))
      .filter((change) => change.value !== '')
    if (changes.length === 0) return
    setBusy(true)
    await act(ChangeMutation, { instance: props.instance, changes }, refuse)
    setBusy(false)
  }

  return (
    <form class="grid gap-4 sm:grid-cols-2 mt-4" onSubmit={save} novalidate>
      <For each={props.keys}>
        {(key) => (
          <Field
            label={key.question ?? key.path}
            help={`${key.help} (${key.path})`}
            type={inputTypes[key.kind]}
            value={value(key.path)}
            onInput={(text) => setTyped(key.path, text)}
            problem={against(key.path)}
          />
        )}
      </For>
      <Show when={elsewhere()}>
        {(failure) => (
          <div class="sm:col-span-2">
            <FailureNotice failure={failure()} />
          </div>
        )}
      </Show>
      <div class="sm:col-span-2">
        <Button type="submit" kind="main" disabled={busy()}>
          {overview.phases.save}
        </Button>
      </div>
    </form>
  )
}
