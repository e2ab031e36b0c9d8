import { createEffect, For } from 'solid-js'

/** A row of views of the same thing; arrow keys move between them. The view itself has `role="tabpanel"` and `id`. */
export function Tabs(props: {
  label: string
  tabs: readonly { id: string; title: string }[]
  value: string
  onChange(id: string): void
}) {
  let row: HTMLDivElement | undefined
  function move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const at = props.tabs.findIndex(({ id }) => id === props.value)
    const to = props.tabs[(at + step + props.tabs.length) % props.tabs.length]
    if (to) props.onChange(to.id)
    queueMicrotask(() => row?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }
  // Where not all fit, the open one is in view.
  createEffect(() => {
    const open = row?.children[props.tabs.findIndex(({ id }) => id === props.value)]
    if (!row || !open) return
    const [around, own] = [row.getBoundingClientRect(), open.getBoundingClientRect()]
    if (own.left < around.left || own.right > around.right) row.scrollLeft += own.left - around.left - 24
  })
  return (
    <div ref={row} role="tablist" aria-label={props.label} class="flex gap-1 border-b border-line mb-5 overflow-x-auto">
      <For each={props.tabs}>
        {({ id, title }) => (
          <button
            type="button"
            role="tab"
            aria-selected={props.value === id}
            tabindex={props.value === id ? 0 : -1}
            class="px-3 py-2 -mb-px text-sm border-b-2 border-transparent text-quiet hover:text-text aria-selected:border-accent aria-selected:text-text aria-selected:font-medium focus-visible:-outline-offset-2 whitespace-nowrap"
            onClick={() => props.onChange(id)}
            onKeyDown={move}
          >
            {title}
          </button>
        )}
      </For>
    </div>
  )
}
