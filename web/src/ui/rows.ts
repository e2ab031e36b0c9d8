import { createSignal, onCleanup } from 'solid-js'

/** Rows beyond the edges that are drawn too, so that a quick scroll shows no gap. */
const beyond = 20

/** Pure: which rows of equal height are to be drawn: the first, and the one after the last. */
export function rowsInView(top: number, height: number, rowPx: number, count: number): [number, number] {
  const first = Math.max(0, Math.min(Math.floor(top / rowPx) - beyond, count))
  return [first, Math.min(count, Math.ceil((top + height) / rowPx) + beyond)]
}

/**
 * A long list in a box that scrolls, of which only what can be seen is drawn. Give `attach` the box; `count` may change at
 * any time.
 */
export function createRows(rowPx: number, count: () => number) {
  const [view, setView] = createSignal({ top: 0, height: 600 })
  let box: HTMLElement | undefined
  const look = () => box && setView({ top: box.scrollTop, height: box.clientHeight })
  const watcher = new ResizeObserver(look)
  onCleanup(() => watcher.disconnect())
  return {
    attach(element: HTMLElement): void {
      box = element
      watcher.observe(element)
    },
    look,
    range: () => rowsInView(view().top, view().height, rowPx, count()),
    totalPx: () => count() * rowPx,
  }
}
