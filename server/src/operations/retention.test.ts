import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anEngine, instantClock } from '../testing/engine.ts'

let engine: ReturnType<typeof anEngine> | undefined
afterEach(() => engine?.close())

/** Runs an operation of one step to its end; its id. */
async function runOne(made: ReturnType<typeof anEngine>): Promise<string> {
  const { id } = await made.operations.start('a.b', {}, 'api')
  await made.operations.ended(id)
  return id
}

function started(retention: { keep: number; keepDays: number }) {
  const clock = instantClock()
  const made = anEngine({ clock, retention })
  engine = made
  made.operations.define({
    type: 'a.b',
    title: () => 'Test',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => [],
    steps: () => [{ name: 'one', title: 'One', run: async (ctx) => ctx.say('a line') }],
  })
  return { ...made, clock }
}

const rows = (made: ReturnType<typeof anEngine>, table: string) =>
  made.db.$client.prepare(`select count(*) from ${table}`).pluck().get() as number

describe('a daemon that is never restarted', () => {
  it('keeps only the newest operations, with their lines', async () => {
    const made = started({ keep: 10, keepDays: 90 })
    const ids: string[] = []
    for (let n = 0; n < 120; n++) ids.push(await runOne(made))
    const kept = made.operations.journal.list({ limit: 500 }).map(({ id }) => id)
    expect(kept.length).toBeGreaterThanOrEqual(10)
    expect(kept.length).toBeLessThan(10 + 51)
    expect([...kept].sort()).toEqual(ids.slice(-kept.length).sort())
    expect(rows(made, 'operation_log')).toBeLessThan(4 * (10 + 51))
  })

  it('drops what is older than it shall be kept', async () => {
    const made = started({ keep: 1_000, keepDays: 30 })
    const old = await runOne(made)
    await made.clock.sleep(31 * 24 * 3_600_000)
    for (let n = 0; n < 50; n++) await runOne(made)
    expect(() => made.operations.get(old)).toThrow('There is no operation')
    expect(made.operations.journal.list({ limit: 500 })).toHaveLength(50)
  })
})
