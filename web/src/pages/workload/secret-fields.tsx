import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { workload as texts } from '../../strings/workload.ts'
import { Field } from '../../ui/field.tsx'
import { Button } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'
import { type Secret, SecretList } from './secret-list.tsx'

const SetMutation = graphql(
  'mutation SetWorkloadSecret($instance: String!, $path: String!, $value: String!) { setSecret(instance: $instance, path: $path, value: $value) }',
)

/** The secrets of an app or service: where each comes from, and a field for those only a person knows. */
export function SecretFields(props: { instance: string; secrets: (Secret & { isSet: boolean })[] }) {
  return (
    <SecretList of={props.secrets} state={({ isSet }) => (isSet ? texts.isSet : texts.notSet)}>
      {(secret) => (
        <Show when={secret.kind === 'supplied'}>
          <SecretField instance={props.instance} path={secret.path} help={secret.description ?? ''} />
        </Show>
      )}
    </SecretList>
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
