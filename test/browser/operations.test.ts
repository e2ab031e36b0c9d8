import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 120_000
const many = 1_000
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 10) + seconds * 1_000).toISOString()
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser

beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home' })
  remember()
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

/** Puts operations into the daemon's memory, as if they had been run: the last one failed in its second step. */
function remember(): void {
  const db = new Database(join(daemon.data, 'wild-central.db'))
  const operation = db.prepare(
    `insert into operations (id, type, title, instance, target, input, status, progress, message, error, warnings, via, created_at, started_at, completed_at)
     values (?, 'cluster.bootstrap', ?, 'home', 'control-1', '{}', ?, ?, '', ?, '[]', 'cli', ?, ?, ?)`,
  )
  const step = db.prepare(
    `insert into operation_steps (operation, id, position, title, state, progress, message, attempt, started_at, ended_at)
     values ('op_failed', ?, ?, ?, ?, 0, ?, 1, ?, ?)`,
  )
  const refusal = JSON.stringify({ code: 'TIMEOUT', message: 'The address never answered.', details: {} })
  db.transaction(() => {
    for (let index = 1; index < many; index++)
      operation.run(`op_${index}`, `Bootstrap ${index}`, 'completed', 100, null, at(index), at(index), at(index + 30))
    operation.run('op_failed', 'Bootstrap that failed', 'failed', 20, refusal, at(many), at(many), at(many + 100))
    step.run(
      'etcd',
      0,
      'Bootstrapping etcd cluster, with a title that is longer than any phone is wide',
      'done',
      null,
      at(many),
      at(many + 25),
    )
    step.run('vip', 1, 'Waiting for VIP assignment', 'failed', 'no answer', at(many + 25), at(many + 100))
    step.run('api', 2, 'Waiting for API server', 'blocked', null, null, null)
  })()
  db.close()
}

const list = 'ul[aria-label="Operations, newest first"]'

describe('the list of operations', () => {
  it(
    'holds a thousand by drawing only those in view, fetches older ones as one scrolls, and shows a new one at once',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto('/operations')
      await page.locator(list).getByText('Bootstrap that failed').waitFor()
      const box = page.locator('[data-rows]')
      const scrollToEnd = () => box.evaluate((element) => element.scrollTo(0, element.scrollHeight))
      await expect
        .poll(
          async () => {
            await scrollToEnd()
            return box.getAttribute('data-rows')
          },
          { timeout: 120_000 },
        )
        .toBe(String(many))
      // The last rows may have come after that scroll: the end is where they are now.
      await scrollToEnd()
      await page.locator(list).getByText('Bootstrap 1', { exact: true }).waitFor()
      await page.getByText('1000 operations').waitFor()
      expect(await page.locator(`${list} > li`).count()).toBeLessThan(80)
      await box.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2))
      await page.locator(list).getByText('Bootstrap 500', { exact: true }).waitFor()
      const started = await daemon.rest('POST', '/instances/home/nodes/discover', { subnet: '127.90.0.0/30' })
      expect(started.text).toContain('operation_id')
      await expect.poll(() => box.getAttribute('data-rows'), { timeout: 120_000 }).toBe(String(many + 1))
      expect(errors).toEqual([])
      await page.context().close()
    },
    limitMs,
  )

  it(
    'is where the reader left it when they come back, also beyond what comes at first and after a reload, and begins at the top when opened anew',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      const box = page.locator('[data-rows]')
      const far = page.locator(list).getByText('Bootstrap 600', { exact: true })
      const top = () => box.evaluate((element) => element.scrollTop)
      await page.goto('/operations?type=cluster.bootstrap')
      await page.locator(list).getByText('Bootstrap that failed').waitFor()
      await expect
        .poll(
          async () => {
            await box.evaluate((element) => element.scrollBy(0, 4_000))
            return Number(await box.getAttribute('data-rows'))
          },
          { timeout: 120_000 },
        )
        .toBeGreaterThan(500)
      await box.evaluate((element) => element.scrollTo(0, 64 * 395))
      await far.click()
      await page.getByRole('heading', { name: 'Bootstrap 600' }).waitFor()
      await page.goBack()
      await expect.poll(top, { timeout: 60_000 }).toBe(64 * 395)
      await far.waitFor()
      await page.reload()
      await expect.poll(top, { timeout: 60_000 }).toBe(64 * 395)
      await page.getByRole('link', { name: 'Operations', exact: true }).first().click()
      await page.waitForURL((url) => url.search === '')
      await page.locator(list).getByText('Bootstrap that failed').waitFor()
      expect([await top(), errors]).toEqual([0, []])
      await page.context().close()
    },
    limitMs,
  )

  it.each([
    { size: 'phone', colorScheme: 'dark' },
    { size: 'desktop', colorScheme: 'light' },
  ] as const)(
    'keeps its filters in the address, on a $size, $colorScheme',
    async (look) => {
      const { page } = await openPage(browser, daemon.url, look)
      await page.goto('/operations?type=cluster.bootstrap')
      await page.getByLabel('Status').selectOption('failed')
      await page.waitForURL(/type=cluster.bootstrap&status=failed/)
      await page.getByText('1 operation', { exact: true }).waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.getByLabel('Status').selectOption('cancelled')
      await page.getByText('None like that').waitFor()
      await page.goBack()
      await page.getByText('1 operation', { exact: true }).waitFor()
      if (process.env.SHOTS) {
        await page.goto('/operations')
        await page.locator(list).waitFor()
        await page.screenshot({ path: `${process.env.SHOTS}/operations-${look.size}.png` })
      }
      await page.context().close()
    },
    limitMs,
  )
})

describe('an operation that failed', () => {
  it.each([
    { size: 'phone', colorScheme: 'dark' },
    { size: 'desktop', colorScheme: 'light' },
  ] as const)(
    'shows where its time went, and is copied for whoever helps, on a $size, $colorScheme',
    async (look) => {
      const { page, errors } = await openPage(browser, daemon.url, look)
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: daemon.url })
      await page.goto('/operations/op_failed')
      await page.getByRole('button', { name: 'Copy for help' }).click()
      await page.getByRole('button', { name: 'Copied.' }).waitFor()
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      for (const part of ['TIMEOUT: The address never answered.', 'op_failed', '[failed] Waiting for VIP assignment'])
        expect(copied).toContain(part)
      await page.getByRole('tab', { name: 'Timeline' }).click()
      await page.waitForURL(/view=timeline/)
      const picture = page.getByRole('region', { name: 'Timeline' })
      await picture.getByText('began after 25 s, 1 m 15 s, failed').waitFor()
      expect(await picture.locator('[data-bar]').count()).toBe(2)
      expect([await accessibilityFaults(page), await overflow(page), errors]).toEqual([[], 0, []])
      if (process.env.SHOTS)
        await page.screenshot({ path: `${process.env.SHOTS}/timeline-${look.size}.png`, fullPage: true })
      await page.context().close()
    },
    limitMs,
  )
})
