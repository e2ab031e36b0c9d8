import { A } from '@solidjs/router'
import { createSignal, type JSX, Show } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'
import { shell } from '../strings/shell.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

type Tone = 'accent' | 'good' | 'warn' | 'bad'

const icons: Record<Tone, IconName> = { accent: 'info', good: 'check', warn: 'alert', bad: 'alert' }

/** Something a person should read: what went wrong, what to do next, what went well. */
export function Notice(props: { tone: Tone; alert?: boolean; children: JSX.Element }) {
  return (
    <div class="notice" style={{ '--tone': `var(--${props.tone})` }} role={props.alert ? 'alert' : undefined}>
      <span style={{ color: `var(--${props.tone})` }} class="mt-0.5">
        <Icon name={icons[props.tone]} />
      </span>
      <div class="min-w-0 grow">{props.children}</div>
    </div>
  )
}

/** What went wrong and what to do. What is not there has a way on instead: `elsewhere`. */
export function FailureNotice(props: { failure: Failure; elsewhere?: { href: string; text: string } }) {
  const missing = () => props.failure.code === 'NOT_FOUND'
  return (
    <Notice tone="bad" alert>
      <p class="wrap-anywhere">{props.failure.message}</p>
      <Show when={!missing() && props.failure.hint}>{(hint) => <Hint text={hint()} />}</Show>
      <Show
        when={missing()}
        fallback={
          <Show when={props.failure.code !== 'UNREACHABLE'}>
            <div class="mt-2 -ml-2">
              <CopyForHelp text={forHelp(props.failure)} />
            </div>
          </Show>
        }
      >
        <p class="mt-1 text-sm">
          <A class="link" href={props.elsewhere?.href ?? '/'}>
            {props.elsewhere?.text ?? shell.allInstances}
          </A>
        </p>
      </Show>
    </Notice>
  )
}

/** Pure: a failure as somebody who helps wants to read it. The daemon masks secrets before they come here. */
export function forHelp(failure: Failure): string {
  const details = Object.keys(failure.details).length ? JSON.stringify(failure.details, null, 2) : ''
  const place = typeof location === 'undefined' ? '' : location.pathname
  return [`${failure.code}: ${failure.message}`, place, details].filter(Boolean).join('\n')
}

/** Puts a text on the clipboard, to be sent to somebody who can help. */
export function CopyForHelp(props: { text: string | (() => string); label?: string }) {
  const [copied, setCopied] = createSignal(false)
  const text = () => (typeof props.text === 'function' ? props.text() : props.text)
  return (
    <Button kind="quiet" icon={copied() ? 'check' : 'copy'} onClick={async () => setCopied(await copy(text()))}>
      {copied() ? shell.copied : (props.label ?? shell.copyForHelp)}
    </Button>
  )
}

/** Copies, also where the clipboard is closed: pages that came over plain HTTP. */
export async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    if (done) return true
  }
  const area = document.createElement('textarea')
  area.value = text
  // A modal dialog lets nothing outside it be selected.
  const around = document.querySelector('dialog[open]') ?? document.body
  around.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}

/** What to do. Commands are for a terminal and look like it. */
export function Hint(props: { text: string }) {
  return (
    <p class="text-quiet mt-1 text-sm wrap-anywhere">
      <Show when={props.text.startsWith('wild-cli ')} fallback={props.text}>
        {shell.inTerminal}
        <code>{props.text}</code>
      </Show>
    </p>
  )
}
