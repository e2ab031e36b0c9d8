import { createSignal, For, Show } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'

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
          <div
            class="card p-3 shadow-lg flex gap-3 items-start"
            classList={{
              'border-l-4 border-l-bad': toast.kind === 'bad',
              'border-l-4 border-l-good': toast.kind === 'good',
            }}
          >
            <div class="grow text-sm">
              <p>{toast.text}</p>
              <Show when={toast.hint}>
                <p class="text-quiet mt-1">{toast.hint}</p>
              </Show>
              <Show when={toast.href}>
                <a class="text-accent underline mt-1 inline-block" href={toast.href}>
                  Open it
                </a>
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
