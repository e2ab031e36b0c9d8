import { describe, expect, it } from 'vitest'
import { clip, createRepaint } from '../output/repaint.ts'
import { createPaint } from '../output/style.ts'
import { frameLines } from './frame.ts'
import { createLiveView } from './live-view.ts'
import { newOperationView, withProgress } from './state.ts'

const options = { paint: createPaint(false), spinner: '*', now: 65_000, rows: 20 }
const steps = (states: string[]) => states.map((state, i) => ({ id: `s${i}`, title: `Part ${i + 1}`, state }))

describe('the frame', () => {
  it('shows every step with its state and the time of the running one', () => {
    const started = withProgress(newOperationView('op'), { steps: steps(['skipped', 'running', 'pending']) }, 5_000)
    expect(frameLines([started], options)).toEqual([
      '✔ Step 1/3: Part 1 … already done',
      '* Step 2/3: Part 2 … 1m 00s',
      '· Step 3/3: Part 3',
    ])
  })

  it('keeps to what runs when not every step fits', () => {
    const states = [...Array(30).fill('done'), 'running', ...Array(30).fill('pending')]
    const view = withProgress(newOperationView('op', 'control-1'), { steps: steps(states) }, 120_000)
    expect(frameLines([view], options)).toEqual([
      'control-1',
      '  30 of 61 steps done',
      '  * Step 31/61: Part 31 … 0.0s',
    ])
  })
})

describe('news that come twice', () => {
  it('keep the time that a step took', () => {
    const running = withProgress(newOperationView('op'), { steps: steps(['running']) }, 1_000)
    const done = withProgress(running, { steps: steps(['done']) }, 4_000)
    const again = withProgress(done, { steps: steps(['done']) }, 9_000)
    expect(again.steps[0]).toMatchObject({ state: 'done', seconds: 3 })
  })
})

describe('repainting', () => {
  const terminal = () => {
    const written: string[] = []
    const stream = { write: (text: string) => written.push(text), columns: 40 }
    return { written, block: createRepaint(stream) }
  }

  it('writes only lines that changed', () => {
    const { written, block } = terminal()
    block.draw(['one', 'two', 'three'])
    block.draw(['one', 'TWO', 'three'])
    block.draw(['one', 'TWO', 'three'])
    expect(written).toHaveLength(2)
    expect(written[1]).toBe('\u001b[3A\n\r\u001b[2KTWO\n\n')
  })

  it('removes lines that are gone and keeps a line above the block', () => {
    const { written, block } = terminal()
    block.draw(['one', 'two'])
    block.draw(['one'])
    expect(written[1]).toBe('\u001b[2A\n\u001b[J')
    block.above('kept')
    expect(written.slice(2).join('')).toBe('\u001b[1A\r\u001b[Jkept\n\r\u001b[2Kone\n')
  })

  it('cuts lines at the width without counting colours', () => {
    expect(clip('\u001b[31mabcdef\u001b[39m', 3)).toBe('\u001b[31mabc\u001b[39m')
  })
})

describe('the live display', () => {
  it('hides the cursor, and leaves all steps and the cursor behind', () => {
    let written = ''
    const stream = { write: (text: string) => (written += text), columns: 80, rows: 24 }
    const display = createLiveView(stream, createPaint(false))
    const operation = withProgress(newOperationView('op'), { steps: steps(['done', 'running']) }, Date.now())
    display.update([operation])
    display.log(operation, 'EXEC: tool')
    display.close()
    expect(written.startsWith('\u001b[?25l')).toBe(true)
    expect(written).toContain('EXEC: tool\n')
    expect(written).toMatch(/✔ Step 1\/2: Part 1 … done\n… Step 2\/2: Part 2 … 0\.\ds\n\u001b\[\?25h$/)
  })
})
