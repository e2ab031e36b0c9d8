import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Field } from '../../ui/field.tsx'
import { FailureNotice, Notice } from '../../ui/notice.tsx'
import { Loaded } from '../../ui/page.tsx'
import { preview } from '../../ui/plan.tsx'
import { showGood } from '../../ui/toasts.tsx'
import { SecretField } from './secret-field.tsx'

const TargetQuery = graphql(
  'query BackupTarget($instance: String!) { backupTarget(instance: $instance) { kind place problem } }',
)
const SetMutation = graphql(
  'mutation SetBackupTarget($instance: String!, $place: String, $password: String, $accessKey: String, $secretKey: String) { setBackupTarget(instance: $instance, place: $place, password: $password, accessKey: $accessKey, secretKey: $secretKey) { kind place problem } }',
)

const kinds = [
  ['archive', texts.onDevice, texts.onDeviceAbout],
  ['restic', texts.inRepository, texts.inRepositoryAbout],
] as const

const shown = ['place', 'password', 'accessKey', 'secretKey']

interface Draft {
  kind?: 'archive' | 'restic'
  place?: string
  password?: string
  accessKey?: string
  secretKey?: string
}

/** Where backups of an instance go. Passwords and keys are written here and never shown. */
export function TargetForm(props: { instance: string }) {
  const query = createLiveQuery(
    TargetQuery,
    () => ({ instance: props.instance }),
    ({ kind }) => kind === 'instance',
  )
  const [draft, setDraft] = createSignal<Draft>({})
  const { refuse, against, elsewhere } = createRefusal(...shown)
  const set = (change: Draft) => setDraft({ ...draft(), ...change })
  const kind = () => draft().kind ?? (query.data?.backupTarget.kind === 'restic' ? 'restic' : 'archive')
  const place = () => draft().place ?? (query.data?.backupTarget.kind === 'restic' ? query.data.backupTarget.place : '')

  function input() {
    const { password, accessKey, secretKey } = draft()
    const given = Object.entries({ password, accessKey, secretKey }).filter(([, value]) => value)
    return { instance: props.instance, place: place().trim(), ...Object.fromEntries(given) }
  }

  async function save(): Promise<void> {
    refuse(undefined)
    const wanted = kind() === 'archive' ? { instance: props.instance, place: '' } : input()
    if (kind() === 'restic' && wanted.place === '')
      return void refuse({ code: 'INVALID_INPUT', message: texts.placeHelp, details: { field: 'place' } })
    if (!(await preview({ change: 'setBackupTarget', input: wanted }, refuse))) return
    const done = await act(SetMutation, wanted, refuse)
    if (!done) return
    setDraft({})
    showGood(texts.targetSaved)
    query.refresh()
  }

  return (
    <Loaded query={query}>
      {(data) => (
        <form
          class="card p-5 grid gap-4 max-w-2xl"
          novalidate
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <Show when={data.backupTarget.problem}>{(problem) => <Notice tone="warn">{problem()}</Notice>}</Show>
          <fieldset class="grid gap-2">
            <legend class="font-semibold text-heading mb-2">{texts.views.target}</legend>
            <For each={kinds}>
              {([id, title, about]) => (
                <Choice
                  group="kind"
                  title={title}
                  about={about}
                  checked={kind() === id}
                  choose={() => set({ kind: id })}
                />
              )}
            </For>
          </fieldset>
          <Show when={kind() === 'restic'}>
            <Field
              label={texts.place}
              help={texts.placeHelp}
              value={place()}
              onInput={(text) => set({ place: text })}
              problem={against('place')}
            />
            <SecretField
              label={texts.password}
              help={texts.passwordHelp}
              value={draft().password ?? ''}
              onInput={(password) => set({ password })}
              problem={against('password')}
            />
            <Show when={place().startsWith('s3:')}>
              <Field
                label={texts.accessKey}
                type="password"
                help={texts.keysHelp}
                value={draft().accessKey ?? ''}
                onInput={(accessKey) => set({ accessKey })}
                problem={against('accessKey')}
              />
              <Field
                label={texts.secretKey}
                type="password"
                help={texts.keysHelp}
                value={draft().secretKey ?? ''}
                onInput={(secretKey) => set({ secretKey })}
                problem={against('secretKey')}
              />
            </Show>
          </Show>
          <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
          <div>
            <Button type="submit" kind="main">
              {texts.save}
            </Button>
          </div>
        </form>
      )}
    </Loaded>
  )
}
