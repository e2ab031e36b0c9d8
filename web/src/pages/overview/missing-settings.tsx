import { createSignal, For, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'

const SetMutation = graphql(
  'mutation SetConfig($instance: String!, $path: String!, $value: JSON!) { setConfig(instance: $instance, path: $path, value: $value) }',
)

const known: Record<string, { label: string; help?: string; placeholder?: string; type?: string }> = {
  'cluster.name': { label: 'Name of the cluster' },
  'operator.email': { label: 'Your e-mail address', placeholder: 'you@example.com', type: 'email' },
  'cloud.baseDomain': { label: 'Your domain', placeholder: 'example.com' },
  'cloud.domain': { label: 'Names of apps end in' },
  'cloud.internalDomain': { label: 'Names inside your home end in' },
}

/** Asks for what cannot be guessed. Names that follow from the domain are filled in as it is typed. */
export function MissingSettings(props: { instance: string; missing: string[] }) {
  const [typed, setTyped] = createStore<Record<string, string>>({})
  const [refusal, setRefusal] = createSignal<Failure>()
  const [busy, setBusy] = createSignal(false)

  function value(path: string): string {
    const own = typed[path]
    if (own !== undefined) return own
    if (path === 'cloud.domain') return below('cloud', typed['cloud.baseDomain'])
    if (path === 'cloud.internalDomain') return below('internal', value('cloud.domain'))
    return ''
  }

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setRefusal(undefined)
    setBusy(true)
    // The list shrinks as each is set: go through what it was.
    for (const path of [...props.missing]) {
      const given = value(path).trim()
      if (given && !(await act(SetMutation, { instance: props.instance, path, value: given }, setRefusal))) break
    }
    setBusy(false)
  }

  return (
    <form class="grid gap-4 sm:grid-cols-2 mt-4" onSubmit={save} novalidate>
      <For each={props.missing}>
        {(path) => (
          <Field
            label={known[path]?.label ?? path}
            help={path}
            type={known[path]?.type}
            placeholder={known[path]?.placeholder}
            value={value(path)}
            onInput={(text) => setTyped(path, text)}
            problem={refusal()?.details.field === path ? refusal()?.message : undefined}
          />
        )}
      </For>
      <Show when={!props.missing.includes(String(refusal()?.details.field)) && refusal()}>
        {(failure) => (
          <div class="sm:col-span-2">
            <FailureNotice failure={failure()} />
          </div>
        )}
      </Show>
      <div class="sm:col-span-2">
        <Button type="submit" kind="main" disabled={busy()}>
          Save
        </Button>
      </div>
    </form>
  )
}

function below(name: string, domain: string | undefined): string {
  return domain ? `${name}.${domain}` : ''
}
