import type { JSX } from 'solid-js'

/** A modal window: Escape and a click outside close it, and the keyboard goes back to where it was. */
export function Dialog(props: { label: string; class?: string; onClose(): void; children: JSX.Element }) {
  const before = document.activeElement
  function close(): void {
    props.onClose()
    if (before instanceof HTMLElement && before.isConnected) before.focus()
  }
  return (
    <dialog
      ref={(dialog) => queueMicrotask(() => dialog.isConnected && dialog.showModal())}
      class={`text-text bg-card appear shadow-float ${props.class ?? ''}`}
      aria-label={props.label}
      onClose={close}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
      onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
    >
      {props.children}
    </dialog>
  )
}
