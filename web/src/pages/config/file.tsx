import { createEffect, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import { config } from '../../strings/config.ts'
import { Skeleton } from '../../ui/parts.tsx'
import type { Editor } from './codemirror.ts'
import type { KnownKey } from './completion.ts'
import type { PathProblem } from './draft.ts'

/** config.yaml in an editor, with what is wrong with it. The editor is loaded when it is first seen. */
export function File(props: {
  text: string
  keys: readonly KnownKey[]
  problems: PathProblem[] | undefined
  onType(text: string): void
  onSave(): void
}) {
  const [editor, setEditor] = createSignal<Editor>()
  const [broke, setBroke] = createSignal<unknown>()
  let place: HTMLDivElement | undefined
  let gone = false
  onMount(async () => {
    try {
      const { createEditor } = await import('./codemirror.ts')
      if (gone || !place) return
      const settings = { label: config.fileName, text: props.text, keys: () => props.keys }
      setEditor(createEditor(place, { ...settings, onType: props.onType, onSave: props.onSave }))
    } catch (error) {
      setBroke(error)
    }
  })
  createEffect(() => editor()?.show(props.text))
  createEffect(() => editor()?.mark(props.problems ?? []))
  onCleanup(() => {
    gone = true
    editor()?.destroy()
  })
  return (
    <>
      <Show when={!broke()}>
        <div class="card relative overflow-hidden h-[max(22rem,62dvh)]">
          <Show when={!editor()}>
            <Skeleton />
          </Show>
          {/* The editor alone draws in here. */}
          <div ref={place} class="h-full" />
        </div>
      </Show>
      <Show when={broke()}>
        <textarea
          class="field font-mono text-sm leading-6 h-[max(22rem,62dvh)] whitespace-pre overflow-auto"
          aria-label={config.fileName}
          spellcheck={false}
          value={props.text}
          onInput={(event) => props.onType(event.currentTarget.value)}
        />
      </Show>
      <p class="text-small text-quiet mt-1.5 max-lg:hidden">{config.editorHelp}</p>
      <Show when={props.problems?.length}>
        <ul class="card p-4 mt-4 grid gap-2 text-sm" aria-label={config.problems}>
          <For each={props.problems}>
            {(problem) => (
              <li class="wrap-anywhere">
                <span class={problem.severity === 'error' ? 'text-bad' : 'text-warn'}>{problem.severity}</span>{' '}
                <Show when={problem.path}>{(path) => <code>{path()}</code>}</Show>
                <Show when={problem.line}>{(line) => <span class="text-quiet">{config.line(line())}</span>}</Show>:{' '}
                {problem.message}
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}
