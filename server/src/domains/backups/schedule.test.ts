import { describe, expect, it } from 'vitest'
import { WildError } from '../../platform/errors.ts'
import { newBackupId } from './model.ts'
import { createScheduler, type ScheduleNotes } from './schedule.ts'
import { scheduleSchema } from './settings.ts'

const hour = 3_600_000

/** A scheduler whose clock, notes, operations and vault are in memory. */
function aScheduler(options: { fails?: boolean } = {}) {
  let now = Date.UTC(2026, 0, 1, 12)
  let kept: Awaited<ReturnType<ScheduleNotes['read']>> = {}
  const runs: unknown[] = []
  const stored: { id: string; at: number }[] = []
  const schedule = scheduleSchema.parse({ enabled: true, everyHours: 6, keep: { daily: 2, weekly: 0, monthly: 0 } })
  const vault = {
    list: async () => stored.map(({ id }) => ({ id, parts: [], manifest: { id, reason: 'schedule' } })),
    remove: async (_run: unknown, ids: string[]) => {
      for (const id of ids)
        stored.splice(
          stored.findIndex((one) => one.id === id),
          1,
        )
    },
  }
  async function keep(next: typeof kept): Promise<void> {
    kept = next
  }
  const scheduler = createScheduler({
    settings: { read: async () => ({ schedule }) },
    notes: { read: async () => kept, save: keep },
    targets: { ofInstance: async () => vault, ofDevice: async () => vault },
    operations: {
      async start(_type: string, input: unknown) {
        if (options.fails) throw new WildError('CONFLICT', 'The disk is not mounted.')
        runs.push(input)
        stored.push({ id: newBackupId('home', ['home'], now), at: now })
        return { id: 'op' }
      },
      ended: async () => ({ title: 'Back up home', warnings: [] }),
    },
    instances: async () => ['home'],
    run: async () => ({ stdout: '', stderr: '', exitCode: 0 }),
    clock: { now: () => now, sleep: async () => undefined },
    log: { warn: () => undefined },
    changed: () => undefined,
  } as never)
  function wait(ms: number): void {
    now += ms
  }
  return { scheduler, runs, stored, wait }
}

describe('scheduled backups', () => {
  it('are not overdue when they were just switched on, and are made when their time has come', async () => {
    const { scheduler, runs, wait } = aScheduler()
    await scheduler.tick()
    expect(runs).toEqual([])
    wait(6 * hour)
    await scheduler.tick()
    await scheduler.tick()
    expect(runs).toMatchObject([{ instance: 'home', reason: 'schedule', only: ['home', 'apps', 'cluster'] }])
  })

  it('that were missed are made up once, however many were missed', async () => {
    const { scheduler, runs, wait } = aScheduler()
    await scheduler.tick()
    wait(30 * 24 * hour)
    await scheduler.tick()
    await scheduler.tick()
    expect(runs).toHaveLength(1)
  })

  it('that fail are told, and what is there is kept', async () => {
    const { scheduler, wait } = aScheduler({ fails: true })
    await scheduler.tick()
    wait(7 * hour)
    await scheduler.tick()
    expect((await scheduler.state()).problems).toEqual(['The disk is not mounted.'])
  })

  it('remove what is outdated', async () => {
    const { scheduler, stored, wait } = aScheduler()
    await scheduler.tick()
    for (let turn = 0; turn < 20; turn++) {
      wait(6 * hour)
      await scheduler.tick()
    }
    expect(stored.length).toBeLessThanOrEqual(3)
    expect(stored.length).toBeGreaterThan(0)
  })
})
