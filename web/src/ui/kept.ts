import { useBeforeLeave, useLocation } from '@solidjs/router'
import { createEffect, on, onCleanup } from 'solid-js'

const saveAfterMs = 200
/** A page that is still being fetched is waited for this long. */
const reachWithinMs = 4_000
const byHand = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const

/**
 * Keeps `value()` with the present entry of the browser's history: `before()` is what was kept when the reader was here
 * last: they came by browser back, forward or a reload. Call `soon` when it changed. `name` says of which part of which page it is.
 */
export function createKept<Value>(name: string, value: () => Value) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  function save(): void {
    stop()
    history.replaceState({ ...history.state, [name]: value() }, '')
  }
  // On the way back the entry is another one already.
  useBeforeLeave(({ to }) => (typeof to === 'string' ? save() : stop()))
  onCleanup(stop)
  return {
    before: () => history.state?.[name] as Value | undefined,
    soon: () => {
      timer ??= setTimeout(save, saveAfterMs)
    },
  }
}

/** Brings readers back to where they were on a page, once it is tall enough again. For the frame. */
export function keepScroll(): void {
  const location = useLocation()
  const here = () => location.pathname + location.search
  const kept = createKept('page', () => ({ at: here(), top: window.scrollY }))
  history.scrollRestoration = 'manual'
  window.addEventListener('scroll', kept.soon, { passive: true })
  onCleanup(() => window.removeEventListener('scroll', kept.soon))
  createEffect(
    on(here, (at) => {
      const before = kept.before()
      if (before?.at === at && before.top > 0) onCleanup(reach(before.top))
    }),
  )
}

/** Scrolls to `top` as soon as the page is that long; a reader who scrolls meanwhile is left alone. */
function reach(top: number): () => void {
  const until = performance.now() + reachWithinMs
  let frame = requestAnimationFrame(look)
  function look(): void {
    const there = document.documentElement.scrollHeight - window.innerHeight >= top
    if (there) window.scrollTo(0, top)
    if (there || performance.now() > until) stop()
    else frame = requestAnimationFrame(look)
  }
  function stop(): void {
    cancelAnimationFrame(frame)
    for (const event of byHand) window.removeEventListener(event, stop)
  }
  for (const event of byHand) window.addEventListener(event, stop, { passive: true })
  return stop
}
