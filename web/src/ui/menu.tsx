import { A } from '@solidjs/router'
import { createSignal, createUniqueId, For, type JSX, onCleanup, Show } from 'solid-js'
import { Icon, type IconName } from './icon.tsx'

/** One choice of a menu: a way to a page, or something to do. */
export interface MenuItem {
  title: string
  about?: string
  icon?: IconName
  /** Drawn before the title, instead of an icon. */
  mark?: () => JSX.Element
  href?: string
  onSelect?(): void
  current?: boolean
  /** A line above it. */
  apart?: boolean
}

/** A button that opens a list of choices below it. Arrow keys move, Escape closes, the keyboard returns to the button. */
export function Menu(props: {
  label: string
  class?: string
  trigger: JSX.Element
  items: MenuItem[]
  /** Below its right end: for a button at the right of the page. */
  end?: boolean
}) {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  let root: HTMLDivElement | undefined
  let button: HTMLButtonElement | undefined
  const choices = () => [...(root?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]

  function show(): void {
    setOpen(true)
    queueMicrotask(() => (choices().find((item) => item.ariaCurrent === 'true') ?? choices()[0])?.focus())
  }
  function close(back: boolean): void {
    setOpen(false)
    if (back) button?.focus()
  }
  function move(event: KeyboardEvent): void {
    const all = choices()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (event.key === 'Escape') close(true)
    if (to === undefined) return
    event.preventDefault()
    all.at(to % all.length)?.focus()
  }
  const outside = (event: PointerEvent) => open() && !root?.contains(event.target as Node) && close(false)
  document.addEventListener('pointerdown', outside)
  onCleanup(() => document.removeEventListener('pointerdown', outside))

  return (
    <div
      ref={root}
      class="relative min-w-0"
      onFocusOut={(event) => event.relatedTarget && !root?.contains(event.relatedTarget as Node) && close(false)}
    >
      <button
        ref={button}
        type="button"
        class={props.class}
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        onClick={() => (open() ? close(true) : show())}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          show()
        }}
      >
        {props.trigger}
      </button>
      <Show when={open()}>
        <div
          id={id}
          role="menu"
          tabindex="-1"
          aria-label={props.label}
          classList={{ 'left-0': !props.end, 'right-0': props.end }}
          class="appear absolute z-50 top-full mt-1.5 min-w-full w-max max-w-[min(20rem,calc(100vw-2rem))] max-h-[70dvh] overflow-y-auto card !rounded-xl p-1.5 shadow-float"
          onKeyDown={move}
        >
          <For each={props.items}>{(item) => <Choice item={item} done={() => close(true)} />}</For>
        </div>
      </Show>
    </div>
  )
}

function Choice(props: { item: MenuItem; done(): void }) {
  const look =
    'flex items-center gap-2.5 w-full text-left rounded-lg px-2.5 py-2 text-sm hover:bg-raised focus:bg-raised focus-visible:-outline-offset-2'
  const content = () => (
    <>
      {props.item.mark?.()}
      <Show when={props.item.icon}>{(name) => <Icon name={name()} class="size-4 text-quiet" />}</Show>
      <span class="min-w-0 grow">
        <span class="block truncate">{props.item.title}</span>
        <Show when={props.item.about}>
          <span class="block text-quiet text-small truncate">{props.item.about}</span>
        </Show>
      </span>
      <Show when={props.item.current}>
        <Icon name="check" class="size-4 text-accent" />
      </Show>
    </>
  )
  return (
    <>
      <Show when={props.item.apart}>
        <div class="border-t border-line my-1.5" />
      </Show>
      <Show
        when={props.item.href}
        fallback={
          <button
            type="button"
            role="menuitem"
            tabindex="-1"
            class={look}
            onClick={() => {
              props.done()
              props.item.onSelect?.()
            }}
          >
            {content()}
          </button>
        }
      >
        {(href) => (
          <A
            role="menuitem"
            tabindex="-1"
            href={href()}
            class={look}
            aria-current={props.item.current ? 'true' : undefined}
            onClick={() => props.done()}
          >
            {content()}
          </A>
        )}
      </Show>
    </>
  )
}
