import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPaths } from '../../../platform/paths.ts'
import { createYamlFile } from '../../../platform/yaml-file.ts'
import { createInstanceStore } from '../store.ts'
import { trashEntryName } from './model.ts'
import { createTrashService } from './service.ts'

const dayMs = 24 * 60 * 60 * 1000
let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'wild-trash-'))
})
afterEach(() => rmSync(data, { recursive: true }))

describe('pruning once a day', () => {
  it('removes each deleted instance on the day its time is over, and stops with the daemon', async () => {
    const paths = createPaths(data)
    const start = Date.UTC(2026, 0, 31)
    let now = start
    const stop = new AbortController()
    const seen: [day: number, left: string[]][] = []
    const clock = {
      now: () => now,
      async sleep(ms: number) {
        seen.push([(now - start) / dayMs, readdirSync(paths.trash).sort()])
        now += ms
        if (seen.length === 4) stop.abort()
      },
    }
    for (const age of [29, 28, 1])
      mkdirSync(join(paths.trash, trashEntryName(`age-${age}`, start - age * dayMs)), { recursive: true })
    writeFileSync(join(data, 'central.yaml'), 'context: home\n')
    const store = createInstanceStore(paths, createYamlFile(paths.central, 'central.yaml'))
    const trash = createTrashService({ store, instances: {} as never, paths, clock, log: pino({ level: 'silent' }) })
    await trash.keepPruning(stop.signal)
    expect(seen.map(([day, left]) => [day, left.map((name) => name.slice(0, 6).replace(/-$/, ''))])).toEqual([
      [0, ['age-1', 'age-28', 'age-29']],
      [1, ['age-1', 'age-28', 'age-29']],
      [2, ['age-1', 'age-28']],
      [3, ['age-1']],
    ])
  })
})
