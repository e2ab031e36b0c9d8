import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'
import { Hint } from './parts.tsx'

interface Toast {
  id: number
  kind: 'good' | 'bad'
  text: string
  hint?: string
  href?: string
}

const [toasts, setToasts] = createSignal<Toast[]>([])
let next = 1
const goodMs = 6_000

function dismiss(id: number): void {
  setToasts((all) => all.filter((toast) => toast.id !== id))
}

/** Says that something worked; goes by itself. */
export function showGood(text: string, href?: string): void {
  const id = next++
  setToasts((all) => [...all.slice(-3), { id, kind: 'good', text, href }])
  setTimeout(() => dismiss(id), goodMs)
}

/** Says what went wrong and what to do; stays until it is closed. */
export function showFailure(failure: Failure): void {
  const operation = failure.details.operation_id
  const href = typeof operation === 'string' ? `/operations/${operation}` : undefined
  setToasts((all) => [...all.slice(-3), { id: next++, kind: 'bad', text: failure.message, hint: failure.hint, href }])
}

export function Toasts() {
  return (
    <div class="fixed bottom-4 right-4 left-4 sm:left-auto sm:w-96 z-50 grid gap-2" role="status" aria-live="polite">
      <For each={toasts()}>
        {(toast) => (
          <div class="notice shadow-lg flex gap-3 items-start" style={{ '--tone': `var(--${toast.kind})` }}>
            <div class="grow min-w-0 text-sm wrap-anywhere">
              <p>{toast.text}</p>
              <Show when={toast.hint}>{(hint) => <Hint text={hint()} />}</Show>
              <Show when={toast.href}>
                <A class="link mt-1 inline-block" href={toast.href!}>
                  Open it
                </A>
              </Show>
            </div>
            <button type="button" class="text-quiet px-1" aria-label="Close" onClick={() => dismiss(toast.id)}>
              ✕
            </button>
          </div>
        )}
      </For>
    </div>
  )
}
