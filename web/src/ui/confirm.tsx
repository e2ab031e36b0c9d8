import { useLocation } from '@solidjs/router'
import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js'
import { confirmText } from '../strings/confirm.ts'
import { Button } from './parts.tsx'

/** What is asked before something is changed or lost. */
export interface Question {
  title: string
  /** What will happen, one sentence each; name what is lost. */
  lines: string[]
  /** The word on the button that goes on. */
  action: string
  /** The word on the button that steps back; default "Not now". */
  no?: string
  danger?: boolean
  /** A word the person must type before they can go on; as a function where what is chosen in `more` decides. */
  word?: string | (() => string | undefined)
  /** Shown below the lines, such as a plan. */
  more?: () => JSX.Element
}

const [asked, setAsked] = createSignal<Question & { answer(yes: boolean): void }>()

/** Asks the person; resolves with false when they step back. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    // The element that asked is left for the dialog: the keyboard goes back to it afterwards.
    const before = document.activeElement
    setAsked({
      ...question,
      answer(yes) {
        setAsked(undefined)
        if (before instanceof HTMLElement && before.isConnected) before.focus()
        resolve(yes)
      },
    })
  })
}

/** Where questions appear; once, in the frame. A question belongs to the page it was asked on, and goes with it. */
export function ConfirmDialog() {
  const location = useLocation()
  createEffect(
    on(
      () => location.pathname,
      () => asked()?.answer(false),
      { defer: true },
    ),
  )
  return (
    <Show when={asked()} keyed>
      {(question) => {
        const [typed, setTyped] = createSignal('')
        const wanted = () => (typeof question.word === 'function' ? question.word() : question.word)
        const ready = () => wanted() === undefined || typed().trim() === wanted()
        return (
          <dialog
            ref={(dialog) => queueMicrotask(() => dialog.showModal())}
            class="card appear !shadow-float m-auto p-6 text-text max-h-[calc(100dvh-2rem)] overflow-y-auto"
            classList={{
              'w-[min(32rem,calc(100vw-2rem))]': !question.more,
              'w-[min(48rem,calc(100vw-2rem))]': Boolean(question.more),
            }}
            aria-labelledby="question"
            onClose={() => question.answer(false)}
          >
            <h2 id="question" class="font-semibold text-lg leading-snug text-balance">
              {question.title}
            </h2>
            <div class="grid gap-2 mt-3 mb-5">
              <For each={question.lines}>{(line) => <p class="break-words">{line}</p>}</For>
              {question.more?.()}
              <Show when={wanted()}>
                {(word) => (
                  <label class="block">
                    <span class="block mb-1">
                      {confirmText.type} <code class="font-semibold break-all">{word()}</code>
                    </span>
                    <input
                      class="field"
                      value={typed()}
                      autocomplete="off"
                      autocapitalize="none"
                      spellcheck={false}
                      onInput={(event) => setTyped(event.currentTarget.value)}
                      onKeyDown={(event) => event.key === 'Enter' && ready() && question.answer(true)}
                    />
                  </label>
                )}
              </Show>
            </div>
            <div class="flex flex-wrap gap-2 justify-end sticky -bottom-6 -mx-6 -mb-6 px-6 py-4 bg-card">
              <Button onClick={() => question.answer(false)}>{question.no ?? confirmText.no}</Button>
              <Button
                kind={question.danger ? 'danger' : 'main'}
                disabled={!ready()}
                onClick={() => ready() && question.answer(true)}
              >
                {question.action}
              </Button>
            </div>
          </dialog>
        )
      }}
    </Show>
  )
}
