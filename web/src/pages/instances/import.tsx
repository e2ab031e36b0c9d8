import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { createRefusal } from '../../graphql/refusal.ts'
import { post } from '../../graphql/rest.ts'
import { instancesText } from '../../strings/instances.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'

const { fromFile } = instancesText

/** An instance made of an exported file. */
export default function ImportForm() {
  const navigate = useNavigate()
  const [file, setFile] = createSignal<File>()
  const [passphrase, setPassphrase] = createSignal('')
  const [name, setName] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const { refuse, against, elsewhere } = createRefusal('passphrase', 'name')

  async function run(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const chosen = file()
    if (!chosen) return
    refuse(undefined)
    setBusy(true)
    const archive = await base64(chosen)
    const body = { archive, passphrase: passphrase(), ...(name() ? { name: name() } : {}) }
    const answer = await post('/instances/import', body, refuse)
    setBusy(false)
    if (answer) navigate(`/instances/${(await answer.json()).data.name}`)
  }

  return (
    <form class="grid gap-4 mt-3" onSubmit={run} novalidate>
      <label class="grid gap-1 text-sm font-medium">
        {fromFile.file}
        <input
          type="file"
          class="field"
          accept=".wild,application/octet-stream"
          onChange={(event) => setFile(event.currentTarget.files?.[0])}
        />
      </label>
      <Field
        label={fromFile.passphrase}
        type="password"
        help={fromFile.passphraseHelp}
        value={passphrase()}
        onInput={setPassphrase}
        problem={against('passphrase')}
      />
      <Field
        label={fromFile.name}
        help={fromFile.nameHelp}
        value={name()}
        onInput={setName}
        problem={against('name')}
      />
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <div>
        <Button type="submit" disabled={busy() || !file()}>
          {busy() ? fromFile.busy : fromFile.go}
        </Button>
      </div>
    </form>
  )
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error)
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.readAsDataURL(file)
  })
}
