import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'
import { shell } from '../strings/shell.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import { CopyForHelp, forHelp, Hint } from './notice.tsx'

interface Toast {
  id: number
  kind: 'good' | 'bad'
  text: string
  hint?: string
  href?: string
  help?: string
}

const [toasts, setToasts] = createSignal<Toast[]>([])
let next = 1
const goodMs = 6_000
const mostAtOnce = 4

function dismiss(id: number): void {
  setToasts((all) => all.filter((toast) => toast.id !== id))
}

function show(toast: Omit<Toast, 'id'>): number {
  const id = next++
  setToasts((all) => [...all.slice(1 - mostAtOnce), { id, ...toast }])
  return id
}

/** Says that something worked; goes by itself. */
export function showGood(text: string, href?: string): void {
  const id = show({ kind: 'good', text, href })
  setTimeout(() => dismiss(id), goodMs)
}

/** Says that something ended otherwise than wished; stays until it is closed. */
export function showBad(text: string, href?: string): void {
  show({ kind: 'bad', text, href })
}

/** Says what went wrong and what to do; stays until it is closed. */
export function showFailure(failure: Failure): void {
  const operation = failure.details.operation_id
  const href = typeof operation === 'string' ? `/operations/${operation}` : undefined
  const help = failure.code === 'UNREACHABLE' ? undefined : forHelp(failure)
  show({ kind: 'bad', text: failure.message, hint: failure.hint, href, help })
}

export function Toasts() {
  return (
    <div
      class="fixed bottom-[calc(4.5rem+env(safe-area-inset-bottom))] lg:bottom-5 right-4 left-4 sm:left-auto sm:w-96 z-50 grid gap-2"
      role="status"
      aria-live="polite"
    >
      <For each={toasts()}>
        {(toast) => (
          <div class="notice appear shadow-float items-start" style={{ '--tone': `var(--${toast.kind})` }}>
            <span class={toast.kind === 'good' ? 'text-good' : 'text-bad'}>
              <Icon name={toast.kind === 'good' ? 'check' : 'alert'} />
            </span>
            <div class="grow min-w-0 text-sm wrap-anywhere">
              <p>{toast.text}</p>
              <Show when={toast.hint}>{(hint) => <Hint text={hint()} />}</Show>
              <div class="flex flex-wrap items-center gap-3 mt-1 empty:hidden">
                <Show when={toast.href}>
                  {(href) => (
                    <A class="link" href={href()} onClick={() => dismiss(toast.id)}>
                      {shell.open}
                    </A>
                  )}
                </Show>
                <Show when={toast.help}>{(text) => <CopyForHelp text={text()} />}</Show>
              </div>
            </div>
            <IconButton icon="close" label={shell.close} class="-m-2" onClick={() => dismiss(toast.id)} />
          </div>
        )}
      </For>
    </div>
  )
}
