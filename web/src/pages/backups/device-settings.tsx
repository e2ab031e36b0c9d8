import { createSignal, type JSX, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FailureNotice } from '../../ui/notice.tsx'
import { preview } from '../../ui/plan.tsx'
import { showGood } from '../../ui/toasts.tsx'
import { SecretField } from './secret-field.tsx'

const SecretsMutation = graphql(
  'mutation SetDevicePassphrase($passphrase: String, $accessKey: String, $secretKey: String) { setBackupPassphrase(passphrase: $passphrase, accessKey: $accessKey, secretKey: $secretKey) }',
)
const RepositoryMutation = graphql(
  'mutation SetDeviceRepository($repository: String) { setBackupSettings(repository: $repository) { repository } }',
)

function SettingsCard(props: { title: string; about?: string; action: string; save(): void; children: JSX.Element }) {
  return (
    <form
      class="card p-5 grid gap-4"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        props.save()
      }}
    >
      <div>
        <h2 class="font-semibold text-heading">{props.title}</h2>
        <Show when={props.about}>
          <p class="text-quiet text-sm">{props.about}</p>
        </Show>
      </div>
      {props.children}
      <div>
        <Button type="submit">{props.action}</Button>
      </div>
    </form>
  )
}

/** Sets the passphrase of device backups. It can be written, never read. */
export function Passphrase(props: { isSet: boolean; changed(): void }) {
  const [passphrase, setPassphrase] = createSignal('')
  const [again, setAgain] = createSignal('')
  const [madeUp, setMadeUp] = createSignal(false)
  const [differ, setDiffer] = createSignal(false)
  const { refuse, against, elsewhere } = createRefusal('passphrase')

  async function save(): Promise<void> {
    refuse(undefined)
    setDiffer(passphrase() !== again() && !madeUp())
    if (differ()) return
    const input = { passphrase: passphrase() }
    // What is refused is told at the field; only what replaces something needs a look at what happens.
    if (props.isSet && !(await preview({ change: 'setBackupPassphrase', input }, refuse))) return
    if (!(await act(SecretsMutation, input, refuse))) return
    setPassphrase('')
    setAgain('')
    showGood(texts.passphraseSaved)
    props.changed()
  }

  return (
    <SettingsCard
      title={texts.passphraseTitle}
      about={props.isSet ? texts.passphraseSet : texts.passphraseUnset}
      action={texts.setPassphrase}
      save={save}
    >
      <SecretField
        label={texts.passphrase}
        help={texts.passphraseHelp}
        value={passphrase()}
        onInput={setPassphrase}
        onMadeUp={setMadeUp}
        problem={against('passphrase')}
      />
      <Show when={!madeUp()}>
        <Field
          label={texts.again}
          type="password"
          value={again()}
          onInput={setAgain}
          problem={differ() ? texts.differ : undefined}
        />
      </Show>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
    </SettingsCard>
  )
}

/** Says where backups of the device go. */
export function Repository(props: { place: string; changed(): void }) {
  const [draft, setDraft] = createSignal<string>()
  const [keys, setKeys] = createSignal<{ accessKey?: string; secretKey?: string }>({})
  const { refuse, against, elsewhere } = createRefusal('repository')
  const place = () => draft() ?? props.place

  async function save(): Promise<void> {
    refuse(undefined)
    const input = { repository: place().trim() }
    if (!(await preview({ change: 'setBackupSettings', input }, refuse))) return
    const given = Object.fromEntries(Object.entries(keys()).filter(([, value]) => value))
    if (Object.keys(given).length > 0 && !(await act(SecretsMutation, given, refuse))) return
    if (!(await act(RepositoryMutation, input, refuse))) return
    setDraft(undefined)
    setKeys({})
    showGood(texts.targetSaved)
    props.changed()
  }

  return (
    <SettingsCard title={texts.deviceWhere} action={texts.save} save={save}>
      <Field
        label={texts.place}
        help={`${texts.deviceRepositoryHelp} ${texts.placeHelp}`}
        value={place()}
        onInput={setDraft}
        problem={against('repository')}
      />
      <Show when={place().startsWith('s3:')}>
        <Field
          label={texts.accessKey}
          type="password"
          help={texts.keysHelp}
          value={keys().accessKey ?? ''}
          onInput={(accessKey) => setKeys({ ...keys(), accessKey })}
        />
        <Field
          label={texts.secretKey}
          type="password"
          help={texts.keysHelp}
          value={keys().secretKey ?? ''}
          onInput={(secretKey) => setKeys({ ...keys(), secretKey })}
        />
      </Show>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
    </SettingsCard>
  )
}
