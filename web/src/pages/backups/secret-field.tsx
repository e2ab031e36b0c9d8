import { createSignal, Show } from 'solid-js'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { CopyForHelp, Notice } from '../../ui/notice.tsx'
import { newPassphrase } from './words.ts'

/** A passphrase that is typed, or made up and then shown this once. */
export function SecretField(props: {
  label: string
  help: string
  value: string
  onInput(value: string): void
  problem?: string
  /** Told whether what stands there was made up: it need not be typed twice. */
  onMadeUp?(yes: boolean): void
}) {
  const [madeUp, setMadeUp] = createSignal('')
  function type(text: string): void {
    props.onInput(text)
    props.onMadeUp?.(text !== '' && text === madeUp())
  }
  function makeUp(): void {
    setMadeUp(newPassphrase())
    type(madeUp())
  }
  return (
    <div class="grid gap-2">
      <Field
        label={props.label}
        type="password"
        help={props.help}
        value={props.value}
        onInput={type}
        problem={props.problem}
      />
      <div class="-ml-3">
        <Button kind="quiet" onClick={makeUp}>
          {texts.makeUp}
        </Button>
      </div>
      <Show when={props.value !== '' && props.value === madeUp()}>
        <Notice tone="accent">
          <p>
            <code class="font-semibold break-all">{madeUp()}</code>
          </p>
          <p class="text-sm mt-1">{texts.madeUp}</p>
          <div class="mt-1 -ml-3">
            <CopyForHelp text={madeUp()} label={texts.copy} />
          </div>
        </Notice>
      </Show>
    </div>
  )
}
