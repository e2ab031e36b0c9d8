import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { byDepth, holds } from '../testing/properties.ts'
import { createHistory, kept, type Version, versionsToKeep } from './history.ts'

const day = 24 * 60 * 60 * 1000
const author = { via: 'cli', reason: 'test' }
let folder: string
let now: number
const clock = { now: () => now }
const history = (secret = false) => createHistory(folder, { clock, secret })

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'wild-history-')), 'config.yaml')
  now = Date.UTC(2026, 0, 1)
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

/** Keeps so many versions, `apart` milliseconds between them; the text is the number. */
async function keep(count: number, apart: number): Promise<void> {
  const versions = history()
  for (let i = 0; i < count; i++) {
    now += apart
    await versions.keep(`${i}`, author)
  }
}

const texts = () => readdirSync(folder).filter((name) => name.endsWith('.yaml'))
const numbers = async () => (await history().list()).map(({ version }) => version)

describe('history', () => {
  it('keeps the newest versions however old they are, and removes the texts of others', async () => {
    await keep(kept.newest + kept.batch - 1, day)
    expect(texts()).toHaveLength(kept.newest + kept.batch - 1)
    await keep(1, day)
    expect(await numbers()).toEqual(Array.from({ length: kept.newest }, (_unused, index) => index + kept.batch + 1))
    expect(texts()).toHaveLength(kept.newest)
    expect(await history().text(kept.batch)).toBeUndefined()
    expect(await history().text(kept.batch + 1)).toBe(`${kept.batch}`)
  })

  it('keeps everything of the last days', async () => {
    await keep(kept.newest + 2 * kept.batch, 1000)
    expect(await numbers()).toHaveLength(kept.newest + 2 * kept.batch)
    now += (kept.days + 1) * day
    await history().keep('later', author)
    expect(await numbers()).toHaveLength(kept.newest)
    expect((await history().latest())!.version).toBe(kept.newest + 2 * kept.batch + 1)
  })

  it('never gives a number twice', async () => {
    await keep(kept.newest + kept.batch, day)
    const { version } = await history().keep('next', author)
    expect(version).toBe(kept.newest + kept.batch + 1)
  })

  it('removes texts that an interrupted time left behind, and reads a list whose last line is half', async () => {
    await keep(kept.newest + kept.batch - 1, day)
    const index = join(folder, 'versions.jsonl')
    // The list was written anew and the texts were not removed yet; then the power went during the next line.
    const lines = readFileSync(index, 'utf8').split('\n').slice(kept.batch)
    writeFileSync(index, `${lines.join('\n')}{"version":`)
    now += day
    await keep(kept.batch + 1, day)
    expect(texts()).toHaveLength((await numbers()).length)
    expect(existsSync(join(folder, '1.yaml'))).toBe(false)
  })

  it('of secrets stays closed to others when it is shortened', async () => {
    const secrets = history(true)
    for (let i = 0; i < kept.newest + kept.batch; i++) {
      now += day
      await secrets.keep(`${i}`, author)
    }
    expect(await numbers()).toHaveLength(kept.newest)
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)
    expect([...new Set(modes), statSync(folder).mode & 0o777]).toEqual([0o600, 0o700])
  })
})

describe('what is kept', () => {
  const runs = byDepth({ quick: 200, ci: 1000, full: 5000 })
  const gaps = fc.array(fc.integer({ min: 0, max: 3 * day }), { maxLength: 3000, size: 'max' })

  it('is the newest part of the list: enough, all of the last days, never too much', () =>
    holds(runs, gaps, (between) => {
      let at = 0
      const all = between.map((gap, index) => {
        at += gap
        return { version: index + 1, at: new Date(at).toISOString() } as Version
      })
      const stay = versionsToKeep(all, at)
      expect(stay).toEqual(all.slice(all.length - stay.length))
      expect(stay.length).toBeGreaterThanOrEqual(Math.min(all.length, kept.newest))
      expect(stay.length).toBeLessThanOrEqual(kept.most)
      const recent = all.filter((version) => Date.parse(version.at) >= at - kept.days * day)
      expect(stay.length).toBeGreaterThanOrEqual(Math.min(recent.length, kept.most))
      // Nothing more than that.
      expect(stay.length).toBeLessThanOrEqual(Math.max(Math.min(all.length, kept.newest), recent.length))
    }))

  it('leaves out what has no time that can be read, beyond the newest', () => {
    const all = Array.from({ length: kept.newest + 1 }, (_unused, index) => ({ version: index, at: 'x' }) as Version)
    expect(versionsToKeep(all, 0)).toHaveLength(kept.newest)
  })
})
