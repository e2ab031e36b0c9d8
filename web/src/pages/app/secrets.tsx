import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { appPage as texts } from '../../strings/app.ts'
import { Field } from '../../ui/field.tsx'
import { Badge, Button, Loaded } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'

const SecretsQuery = graphql(`
  query AppSecrets($instance: String!, $app: String!) {
    catalogApp(app: $app) { secrets { path kind optional description } }
    secretList(instance: $instance) { secrets { path set } }
  }
`)
const SetMutation = graphql(
  'mutation SetAppSecret($instance: String!, $path: String!, $value: String!) { setSecret(instance: $instance, path: $path, value: $value) }',
)

/** The secrets of an app: where each comes from, and a field for those only a person knows. */
export function AppSecrets(props: { instance: string; app: string }) {
  const query = createLiveQuery(
    SecretsQuery,
    () => ({ instance: props.instance, app: props.app }),
    about(() => props.instance),
  )
  const isSet = (path: string) => query.data?.secretList.secrets.some((each) => each.path === path && each.set) ?? false
  return (
    <Loaded query={query}>
      {(data) => (
        <Show when={data.catalogApp.secrets.length}>
          <section class="card p-5" aria-label={texts.secrets}>
            <h2 class="font-semibold mb-3">{texts.secrets}</h2>
            <ul class="grid gap-4">
              <For each={data.catalogApp.secrets}>
                {(secret) => (
                  <li class="min-w-0">
                    <div class="flex flex-wrap gap-x-2 gap-y-1 items-center text-sm">
                      <code class="break-all">{secret.path}</code>
                      <Badge text={texts.secretKinds[secret.kind]} />
                      <span class="text-quiet text-small">
                        {isSet(secret.path) ? texts.isSet : texts.notSet}
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
      )}
    </Loaded>
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
