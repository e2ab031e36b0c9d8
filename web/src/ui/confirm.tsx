import { createSignal, For, Show } from 'solid-js'
import { Button } from './parts.tsx'

/** What is asked before something is changed or lost. */
export interface Question {
  title: string
  /** What will happen, one sentence each; name what is lost. */
  lines: string[]
  /** The word on the button that goes on. */
  action: string
  danger?: boolean
}

const [asked, setAsked] = createSignal<Question & { answer(yes: boolean): void }>()

/** Asks the person; resolves with false when they step back. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    setAsked({
      ...question,
      answer(yes) {
        setAsked(undefined)
        resolve(yes)
      },
    })
  })
}

/** Where questions appear; once, in the frame. */
export function ConfirmDialog() {
  return (
    <Show when={asked()} keyed>
      {(question) => (
        <dialog
          ref={(dialog) => queueMicrotask(() => dialog.showModal())}
          class="card m-auto p-6 w-[min(32rem,calc(100vw-2rem))] text-text backdrop:bg-black/50"
          aria-labelledby="question"
          onClose={() => question.answer(false)}
        >
          <h2 id="question" class="font-semibold text-lg text-balance">
            {question.title}
          </h2>
          <div class="grid gap-2 mt-3 mb-5">
            <For each={question.lines}>{(line) => <p class="break-words">{line}</p>}</For>
          </div>
          <div class="flex flex-wrap gap-2 justify-end">
            <Button onClick={() => question.answer(false)}>Not now</Button>
            <Button kind={question.danger ? 'danger' : 'main'} onClick={() => question.answer(true)}>
              {question.action}
            </Button>
          </div>
        </dialog>
      )}
    </Show>
  )
}
