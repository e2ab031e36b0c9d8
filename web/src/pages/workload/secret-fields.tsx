import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { workload as texts } from '../../strings/workload.ts'
import { Field } from '../../ui/field.tsx'
import { Badge, Button } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'

const SetMutation = graphql(
  'mutation SetWorkloadSecret($instance: String!, $path: String!, $value: String!) { setSecret(instance: $instance, path: $path, value: $value) }',
)

interface Secret {
  path: string
  kind: keyof typeof texts.secretKinds
  optional: boolean
  description: string | null
  isSet: boolean
}

/** The secrets of an app or service: where each comes from, and a field for those only a person knows. */
export function SecretFields(props: { instance: string; secrets: Secret[] }) {
  return (
    <Show when={props.secrets.length}>
      <section class="card p-5" aria-label={texts.secrets}>
        <h2 class="font-semibold mb-3">{texts.secrets}</h2>
        <ul class="grid gap-4">
          <For each={props.secrets}>
            {(secret) => (
              <li class="min-w-0">
                <div class="flex flex-wrap gap-x-2 gap-y-1 items-center text-sm">
                  <code class="break-all">{secret.path}</code>
                  <Badge text={texts.secretKinds[secret.kind]} />
                  <span class="text-quiet text-small">
                    {secret.isSet ? texts.isSet : texts.notSet}
                    {secret.optional ? `, ${texts.optional}` : ''}
                  </span>
                </div>
                <Show when={secret.kind === 'supplied'}>
                  <SecretField instance={props.instance} path={secret.path} help={secret.description ?? ''} />
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}

function SecretField(props: { instance: string; path: string; help: string }) {
  const [value, setValue] = createSignal('')
  const [refusal, setRefusal] = createSignal<Failure>()
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setRefusal(undefined)
    const given = { instance: props.instance, path: props.path, value: value() }
    if (!(await act(SetMutation, given, setRefusal))) return
    setValue('')
    showGood(texts.secretSaved)
  }
  return (
    <form class="mt-2 grid gap-2 sm:grid-cols-[1fr_auto] items-start max-w-xl" onSubmit={save} novalidate>
      <Field
        label={texts.newValueOf(props.path)}
        type="password"
        help={props.help}
        value={value()}
        onInput={setValue}
        problem={refusal()?.message}
      />
      <Button type="submit" class="sm:mt-6" disabled={!value()} aria-label={texts.saveSecretOf(props.path)}>
        {texts.saveSecret}
      </Button>
    </form>
  )
}
