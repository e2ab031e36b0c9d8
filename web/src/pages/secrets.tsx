import { useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import type { Failure } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { secretsText } from '../strings/secrets.ts'
import { confirm } from '../ui/confirm.tsx'
import { Field } from '../ui/field.tsx'
import { Button, Empty, FailureNotice, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { showGood } from '../ui/toasts.tsx'

const SecretsQuery = graphql(
  'query Secrets($instance: String!) { secretList(instance: $instance) { secrets { path kind owner description optional set } warnings } }',
)
const SetMutation = graphql(
  'mutation SetSecret($instance: String!, $path: String!, $value: String!) { setSecret(instance: $instance, path: $path, value: $value) }',
)
const GenerateMutation = graphql(
  'mutation GenerateSecret($instance: String!, $path: String!, $length: Int, $charset: String, $overwrite: Boolean) { generateSecret(instance: $instance, path: $path, length: $length, charset: $charset, overwrite: $overwrite) { path value } }',
)
const RevealMutation = graphql(
  'mutation RevealSecret($instance: String!, $path: String!, $reason: String) { revealSecret(instance: $instance, path: $path, reason: $reason) { path value } }',
)
const DeleteMutation = graphql(
  'mutation DeleteSecret($instance: String!, $path: String!) { deleteSecret(instance: $instance, path: $path) }',
)

const charsets = ['alnum', 'alpha', 'digits', 'hex', 'base64', 'base64url', 'ascii'] as const

export default function SecretsPage() {
  const params = useParams<{ instance: string }>()
  // Another instance is another page: nothing typed or shown goes over.
  return (
    <>
      <PageHeader title={secretsText.title} about={secretsText.about} />
      <Show when={params.instance} keyed>
        {(instance) => <Secrets instance={instance} />}
      </Show>
    </>
  )
}

/** Which secrets there are, and what can be done with them. Values show only when asked for. */
function Secrets(props: { instance: string }) {
  const query = createLiveQuery(
    SecretsQuery,
    () => ({ instance: props.instance }),
    (news) => news.kind === 'instance' && news.instance === props.instance,
  )
  const [path, setPath] = createSignal('')
  const [value, setValue] = createSignal('')
  const [length, setLength] = createSignal('32')
  const [charset, setCharset] = createSignal('alnum')
  const [reason, setReason] = createSignal('')
  const [asking, setAsking] = createSignal<string>()
  const [shown, setShown] = createSignal<{ path: string; value: string }>()
  const [refusal, setRefusal] = createSignal<Failure>()
  const at = () => ({ instance: props.instance, path: path().trim() })

  function start(): void {
    setRefusal(undefined)
    setShown(undefined)
  }

  async function set(): Promise<void> {
    start()
    const done = await act(SetMutation, { ...at(), value: value() }, setRefusal)
    if (!done) return
    setValue('')
    showGood(done.setSecret ? secretsText.isSet : secretsText.sameAlready)
  }

  async function generate(): Promise<void> {
    start()
    const there = query.data?.secretList.secrets.some((secret) => secret.path === at().path && secret.set) ?? false
    const { replaceTitle: title, replaceLines, replace: action } = secretsText
    if (there && !(await confirm({ title, lines: replaceLines(at().path), action, danger: true }))) return
    const made = await act(
      GenerateMutation,
      { ...at(), length: Number(length()), charset: charset(), overwrite: there },
      setRefusal,
    )
    if (made) setShown(made.generateSecret)
  }

  async function reveal(): Promise<void> {
    start()
    const found = await act(
      RevealMutation,
      { instance: props.instance, path: asking() ?? '', reason: reason() },
      setRefusal,
    )
    if (!found) return
    setShown(found.revealSecret)
    setAsking(undefined)
    setReason('')
  }

  async function remove(which: string): Promise<void> {
    const { deleteTitle: title, deleteLines, delete: action } = secretsText
    if (!(await confirm({ title, lines: deleteLines(which), action, danger: true }))) return
    start()
    if (await act(DeleteMutation, { instance: props.instance, path: which }, setRefusal)) showGood(secretsText.deleted)
  }

  let form: HTMLElement | undefined
  function give(which: string): void {
    setPath(which)
    form?.querySelector<HTMLElement>('input[type=password]')?.focus()
  }

  return (
    <div class="grid gap-3">
      <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <Show when={shown()}>
        {(secret) => (
          <Notice tone="accent">
            <p class="wrap-anywhere">
              {secret().path}: <code>{secret().value}</code>
            </p>
            <div class="mt-2">
              <Button onClick={() => setShown(undefined)}>{secretsText.hide}</Button>
            </div>
          </Notice>
        )}
      </Show>
      <Show when={asking()} keyed>
        {(which) => (
          <form
            class="card p-4 grid gap-3"
            onSubmit={(event) => {
              event.preventDefault()
              void reveal()
            }}
          >
            <Field
              label={secretsText.why(which)}
              help={secretsText.whyHelp}
              value={reason()}
              onInput={setReason}
              autofocus
            />
            <div class="flex gap-2">
              <Button kind="main" type="submit" disabled={reason().trim() === ''}>
                {secretsText.show}
              </Button>
              <Button onClick={() => setAsking(undefined)}>{secretsText.notNow}</Button>
            </div>
          </form>
        )}
      </Show>
      <Loaded query={query}>
        {(data) => (
          <>
            <For each={data.secretList.warnings}>{(warning) => <Notice tone="warn">{warning}</Notice>}</For>
            <Show
              when={data.secretList.secrets.length}
              fallback={
                <Empty title={secretsText.none} icon="secrets">
                  {secretsText.noneAbout}
                </Empty>
              }
            >
              <div class="card px-4 py-2 overflow-x-auto">
                <table class="w-full text-sm">
                  <thead class="text-left text-quiet">
                    <tr>
                      <th class="font-normal py-1.5">{secretsText.path}</th>
                      <th class="font-normal py-1.5 max-sm:hidden">{secretsText.kind}</th>
                      <th class="font-normal max-sm:hidden">{secretsText.of}</th>
                      <th />
                    </tr>
                  </thead>
                  <tbody>
                    <For each={data.secretList.secrets}>
                      {(secret) => (
                        <tr class="border-t border-line">
                          <td class="py-2 pr-3 wrap-anywhere">
                            {secret.path}
                            <span class="block text-quiet text-small sm:hidden">{secretsText.kindOf(secret)}</span>
                            <Show when={secret.description}>
                              {(about) => <span class="block text-quiet text-small">{about()}</span>}
                            </Show>
                          </td>
                          <td class="pr-3 max-sm:hidden">{secretsText.kindOf(secret)}</td>
                          <td class="pr-3 max-sm:hidden">{secret.owner ?? '–'}</td>
                          <td class="py-2">
                            <div class="flex max-sm:flex-col gap-2 sm:justify-end">
                              <Show
                                when={secret.set}
                                fallback={
                                  <Button aria-label={secretsText.setIt(secret.path)} onClick={() => give(secret.path)}>
                                    {secretsText.set}
                                  </Button>
                                }
                              >
                                <Button
                                  aria-label={secretsText.revealIt(secret.path)}
                                  onClick={() => setAsking(secret.path)}
                                >
                                  {secretsText.reveal}
                                </Button>
                                <Button
                                  aria-label={secretsText.deleteIt(secret.path)}
                                  onClick={() => remove(secret.path)}
                                >
                                  {secretsText.delete}
                                </Button>
                              </Show>
                            </div>
                          </td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          </>
        )}
      </Loaded>
      <section ref={form} class="card p-5 grid gap-4 mt-3 max-w-3xl" aria-label={secretsText.change}>
        <h2 class="font-semibold text-heading">{secretsText.change}</h2>
        <Field label={secretsText.path} placeholder="apps.ghost.apiKey" value={path()} onInput={setPath} />
        <Field label={secretsText.value} type="password" value={value()} onInput={setValue} />
        <div class="flex flex-wrap gap-2 items-end">
          <Button kind="main" disabled={path().trim() === '' || value() === ''} onClick={set}>
            {secretsText.set}
          </Button>
          <span class="text-quiet text-sm self-center">{secretsText.orRandom}</span>
          <input
            class="field !w-20"
            aria-label={secretsText.length}
            inputmode="numeric"
            value={length()}
            onInput={(event) => setLength(event.currentTarget.value)}
          />
          <select
            class="field !w-auto"
            aria-label={secretsText.characters}
            value={charset()}
            onChange={(event) => setCharset(event.currentTarget.value)}
          >
            <For each={charsets}>{(name) => <option value={name}>{secretsText.charsets[name]}</option>}</For>
          </select>
          <Button disabled={path().trim() === ''} onClick={generate}>
            {secretsText.generate}
          </Button>
        </div>
      </section>
    </div>
  )
}
