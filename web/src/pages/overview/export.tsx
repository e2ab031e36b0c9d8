import { createSignal, Show } from 'solid-js'
import type { Failure } from '../../graphql/failure.ts'
import { post, save } from '../../graphql/rest.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'

/** The whole instance as one encrypted file, saved by the browser. */
export function ExportForm(props: { instance: string }) {
  const [passphrase, setPassphrase] = createSignal('')
  const [again, setAgain] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [differ, setDiffer] = createSignal(false)
  const [refusal, setRefusal] = createSignal<Failure>()
  const against = () => refusal()?.details.field === 'passphrase'

  async function run(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setRefusal(undefined)
    setDiffer(passphrase() !== again())
    if (differ()) return
    setBusy(true)
    const path = `/instances/${encodeURIComponent(props.instance)}/export`
    const answer = await post(path, { passphrase: passphrase() }, setRefusal)
    if (answer) {
      const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
      save(await answer.blob(), name ?? `${props.instance}.wild`)
      setPassphrase('')
      setAgain('')
      showGood(`${props.instance} was exported.`)
    }
    setBusy(false)
  }

  return (
    <details class="card p-4 mt-6">
      <summary class="font-semibold cursor-pointer">Export</summary>
      <form class="grid gap-4 max-w-xl mt-3" onSubmit={run} novalidate>
        <p class="text-quiet text-sm">
          Settings, secrets, keys, apps and history in one file, encrypted with a passphrase. Without the passphrase
          nobody can open it. Exporting is noted in the audit log.
        </p>
        <Field
          label="Passphrase"
          type="password"
          help="At least 10 characters."
          value={passphrase()}
          onInput={setPassphrase}
          problem={against() ? refusal()?.message : undefined}
        />
        <Field
          label="The passphrase again"
          type="password"
          value={again()}
          onInput={setAgain}
          problem={differ() ? 'The two passphrases differ.' : undefined}
        />
        <Show when={!against() && refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
        <div>
          <Button type="submit" disabled={busy()}>
            {busy() ? 'Exporting…' : 'Export and save the file'}
          </Button>
        </div>
      </form>
    </details>
  )
}
