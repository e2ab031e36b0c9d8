import { type BeforeLeaveEventArgs, useBeforeLeave } from '@solidjs/router'
import { onCleanup } from 'solid-js'
import { config } from '../../strings/config.ts'
import { confirm } from '../../ui/confirm.tsx'

/** Another view of the same page, where what was typed stays. */
function staysOn({ from, to }: BeforeLeaveEventArgs): boolean {
  return typeof to === 'string' && new URL(to, location.href).pathname === from.pathname
}

/** Asks before a page is left, or closed, while something on it is not saved. */
export function guardLeaving(unsaved: () => boolean): void {
  useBeforeLeave((leaving) => {
    if (!unsaved() || leaving.defaultPrevented || staysOn(leaving)) return
    leaving.preventDefault()
    const { leaveTitle: title, leaveLines: lines, leave: action, stay: no } = config
    confirm({ title, lines: [...lines], action, no, danger: true }).then((yes) => yes && leaving.retry(true))
  })
  function onUnload(event: BeforeUnloadEvent): void {
    if (unsaved()) event.preventDefault()
  }
  window.addEventListener('beforeunload', onUnload)
  onCleanup(() => window.removeEventListener('beforeunload', onUnload))
}
