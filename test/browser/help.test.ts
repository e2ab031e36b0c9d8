import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 120_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

describe.each([
  { size: 'phone', colorScheme: 'dark' },
  { size: 'desktop', colorScheme: 'light' },
] as const)('help on a $size, $colorScheme', (look) => {
  it(
    'is found from the shell, searched, read at the part that was found, and asks nobody but the daemon',
    async () => {
      const { page, outside, errors } = await openPage(browser, daemon.url, look)
      const settled = async () => [await accessibilityFaults(page), await overflow(page)]
      await page.goto('/')
      if (look.size === 'phone') await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('link', { name: 'Help' }).click()
      await page.getByRole('list', { name: 'Documents' }).getByText('Keys of config.yaml').waitFor()
      expect(await settled()).toEqual([[], 0])
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/help-${look.size}.png` })
      await page.getByLabel('Search in help').fill('xylophone quartz')
      await page.getByText('Nothing holds these words.').waitFor()
      await page.getByLabel('Search in help').fill('graceful reset')
      await page.getByRole('list', { name: 'Where it is written' }).getByRole('link').first().click()
      await page.waitForURL('**/help/cluster-changes#reset')
      const heading = page.getByRole('heading', { name: 'Reset', exact: true })
      await expect.poll(() => heading.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(200)
      expect(await settled()).toEqual([[], 0])
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/help-page-${look.size}.png` })
      await page.goBack()
      await page.getByRole('list', { name: 'Where it is written' }).waitFor()
      await page.goto('/help/config-keys')
      const key = page.getByRole('cell', { name: 'cloud.baseDomain', exact: true })
      await key.scrollIntoViewIfNeeded()
      await page.evaluate('window.scrollTo(0, 400)')
      await page.getByRole('link', { name: 'All help' }).evaluate((link: HTMLElement) => link.click())
      await page.getByRole('list', { name: 'Documents' }).waitFor()
      await page.goBack()
      await key.waitFor()
      await expect.poll(() => page.evaluate('window.scrollY'), { timeout: 60_000 }).toBe(400)
      expect(await settled()).toEqual([[], 0])
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/help-keys-${look.size}.png` })
      await page.goto('/help/gone')
      await page.getByText('There is no help of this name').waitFor()
      expect([outside, errors]).toEqual([[], []])
      await page.context().close()
    },
    limitMs,
  )
})
