import { expect, it } from 'vitest'
import { manualClock } from './test-cluster.ts'
import { createWorkQueue, type QueuedWork } from './work-queue.ts'

function queueOf(works: QueuedWork[]) {
  const clock = manualClock()
  const lines: string[] = []
  return { clock, lines, queue: createWorkQueue({ works, clock, log: (line) => lines.push(line), debounceMs: 0 }) }
}

it('runs marked work once, in table order, however often it was marked', async () => {
  const ran: string[] = []
  const work = (name: string): QueuedWork => ({ name, run: () => void ran.push(name) })
  const { queue } = queueOf([work('first'), work('second'), work('idle')])
  for (const name of ['second', 'first', 'second']) queue.mark(name)
  await queue.settled()
  expect(ran).toEqual(['first', 'second'])
})

it('runs work again when its moment comes, and forgets moments it no longer asks for', async () => {
  let runs = 0
  const { queue, clock } = queueOf([
    {
      name: 'waiting',
      run: (wake) => {
        runs += 1
        if (runs === 1) wake(clock.now() + 1000)
      },
    },
  ])
  queue.mark('waiting')
  await queue.settled()
  clock.advance(999)
  await queue.settled()
  expect(runs).toBe(1)
  clock.advance(1)
  await queue.settled()
  clock.advance(100_000)
  await queue.settled()
  expect(runs).toBe(2)
})

it('logs work that throws, tries it again later and goes on with the rest', async () => {
  let tries = 0
  let others = 0
  const broken = () => {
    tries += 1
    if (tries === 1) throw new Error('out of order')
  }
  const { queue, clock, lines } = queueOf([
    { name: 'broken', run: broken },
    {
      name: 'other',
      run: () => {
        others += 1
      },
    },
  ])
  queue.mark('broken')
  queue.mark('other')
  await queue.settled()
  expect(others).toBe(1)
  expect(lines[0]).toContain('controller broken: Error: out of order')
  clock.advance(5000)
  await queue.settled()
  expect(tries).toBe(2)
})

it('runs nothing after it was closed', async () => {
  let runs = 0
  const { queue } = queueOf([
    {
      name: 'work',
      run: () => {
        runs += 1
      },
    },
  ])
  queue.mark('work')
  await queue.close()
  queue.mark('work')
  await queue.settled()
  expect(runs).toBe(0)
})
