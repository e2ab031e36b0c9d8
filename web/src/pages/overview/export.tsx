import { createSignal, Show } from 'solid-js'
import { createRefusal } from '../../graphql/refusal.ts'
import { post, save } from '../../graphql/rest.ts'
import { overview } from '../../strings/overview.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { showGood } from '../../ui/toasts.tsx'

const texts = overview.export

/** The whole instance as one encrypted file, saved by the browser. */
export function ExportForm(props: { instance: string }) {
  const [passphrase, setPassphrase] = createSignal('')
  const [again, setAgain] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [differ, setDiffer] = createSignal(false)
  const { refuse, against, elsewhere } = createRefusal('passphrase')

  async function run(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    refuse(undefined)
    setDiffer(passphrase() !== again())
    if (differ()) return
    setBusy(true)
    const path = `/instances/${encodeURIComponent(props.instance)}/export`
    const answer = await post(path, { passphrase: passphrase() }, refuse)
    if (answer) {
      const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
      save(await answer.blob(), name ?? `${props.instance}.wild`)
      setPassphrase('')
      setAgain('')
      showGood(texts.done(props.instance))
    }
    setBusy(false)
  }

  return (
    <details class="card p-4 mt-6">
      <summary class="font-semibold cursor-pointer">{texts.title}</summary>
      <form class="grid gap-4 max-w-xl mt-3" onSubmit={run} novalidate>
        <p class="text-quiet text-sm">{texts.about}</p>
        <Field
          label={texts.passphrase}
          type="password"
          help={texts.passphraseHelp}
          value={passphrase()}
          onInput={setPassphrase}
          problem={against('passphrase')}
        />
        <Field
          label={texts.again}
          type="password"
          value={again()}
          onInput={setAgain}
          problem={differ() ? texts.differ : undefined}
        />
        <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
        <div>
          <Button type="submit" disabled={busy()}>
            {busy() ? texts.busy : texts.go}
          </Button>
        </div>
      </form>
    </details>
  )
}
