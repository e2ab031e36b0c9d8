import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'
import { remember } from './remembered.ts'

const limitMs = 120_000
const many = 1_000
/** As many lines as a page keeps. */
const longest = 100_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser

beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home' })
  past()
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

/** What the daemon ran: a thousand operations, the last of which failed in its second step, and one that wrote a lot. */
function past(): void {
  remember(daemon.data, ({ operation, steps, lines }) => {
    const one = (id: string, title: string, index: number) =>
      operation({ id, title, status: 'completed', progress: 100, seconds: [index, index + 30] })
    one('op_long', 'Bootstrap 1', 1)
    lines('op_long', longest)
    for (let index = 2; index < many; index++) one(`op_${index}`, `Bootstrap ${index}`, index)
    operation({
      id: 'op_failed',
      title: 'Bootstrap that failed',
      status: 'failed',
      progress: 20,
      error: { code: 'TIMEOUT', message: 'The address never answered.', details: {} },
      seconds: [many, many + 100],
    })
    steps('op_failed', [
      {
        id: 'etcd',
        title: 'Bootstrapping etcd cluster, with a title that is longer than any phone is wide',
        state: 'done',
        seconds: [many, many + 25],
      },
      {
        id: 'vip',
        title: 'Waiting for VIP assignment',
        state: 'failed',
        message: 'no answer',
        seconds: [many + 25, many + 100],
      },
      { id: 'api', title: 'Waiting for API server', state: 'blocked' },
    ])
  })
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

describe('a log of a hundred thousand lines', () => {
  it(
    'is read anywhere by drawing only what is in view, searched, and followed again',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto('/operations/op_long')
      const box = page.getByRole('log')
      const line = (number: number) => box.getByText(`line ${number} of op_long`, { exact: true })
      await expect.poll(() => box.getAttribute('data-lines'), { timeout: 120_000 }).toBe(String(longest))
      await line(longest).waitFor()
      expect(await page.getByText('Older lines').count()).toBe(0)
      for (const part of [0, 0.25, 0.8]) {
        await box.evaluate((element, share) => element.scrollTo(0, element.scrollHeight * share), part)
        await line(longest * part + 1).waitFor()
        expect(await box.locator('[data-seq]').count()).toBeLessThan(150)
      }
      await page.getByLabel('Search the log').fill('line 4242 of')
      await line(4242).waitFor()
      await page.getByText('1 of 100,000 lines').waitFor()
      await page.getByLabel('Search the log').fill('')
      await page.getByLabel('follow').check()
      await line(longest).waitFor()
      expect(errors).toEqual([])
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
