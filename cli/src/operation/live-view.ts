import type { TextStream } from '../output/messages.ts'
import { createRepaint } from '../output/repaint.ts'
import type { Paint } from '../output/style.ts'
import { finalLines, frameLines } from './frame.ts'
import type { ProgressView } from './progress-view.ts'
import type { OperationView } from './state.ts'

const TICK_MS = 100
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const spinners = { fancy: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'], simple: [...'|/-\\'] }

/** The display for a terminal: live step lines with elapsed time and a spinner. */
export function createLiveView(stream: TextStream, paint: Paint): ProgressView {
  // The Linux console has no braille characters in its font.
  const spinner = process.env.TERM === 'linux' ? spinners.simple : spinners.fancy
  const block = createRepaint(stream)
  let operations: OperationView[] = []
  let turn = 0

  const options = () => ({
    paint,
    spinner: spinner[turn % spinner.length]!,
    now: Date.now(),
    rows: Math.max(3, (stream.rows ?? 24) - 2),
  })
  const draw = () => block.draw(frameLines(operations, options()))
  const tick = setInterval(() => {
    turn += 1
    draw()
  }, TICK_MS)
  const showCursor = () => stream.write(SHOW_CURSOR)
  process.once('exit', showCursor)
  stream.write(HIDE_CURSOR)

  return {
    update(now) {
      operations = now
      draw()
    },
    log: (operation, message) =>
      block.above(paint('dim', `${operation.label ? `[${operation.label}] ` : ''}${message}`)),
    note: (text) => block.above(`${paint('yellow', 'WARNING:')} ${text}`),
    close() {
      clearInterval(tick)
      block.erase()
      // What still runs goes on without us: no spinner that stands still.
      for (const line of finalLines(operations, { ...options(), spinner: '…' })) stream.write(`${line}\n`)
      process.off('exit', showCursor)
      showCursor()
    },
  }
}
