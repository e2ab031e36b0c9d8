import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openPage, overflow } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 240_000
let web: WebWorld

describe('the page of services', () => {
  beforeAll(async () => {
    web = await startWebWorld(60)
    await web.cli('instance create home')
  }, limitMs)
  afterAll(() => web?.stop(), limitMs)

  it(
    'says of each service what it is for, what is left out and why, and where to give what it lacks',
    async () => {
      const { page, errors, outside } = await openPage(web.browser, web.world.url)
      await page.goto('/instances/home/services')
      const card = (title: string) =>
        page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) })
      await page.getByRole('button', { name: 'Install all' }).waitFor({ timeout: 120_000 })
      await card('Mail relay').getByText('cloud.smtp.host', { exact: false }).waitFor()
      expect(await card('Mail relay').getByRole('button', { name: 'Install' }).count()).toBe(0)
      await card('NVIDIA graphics cards').getByText('Only installed when you ask for it here.').waitFor()
      await card('NVIDIA graphics cards').getByRole('button', { name: 'Install NVIDIA' }).waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      if (process.env.WILD_SHOT) await page.screenshot({ path: `${process.env.WILD_SHOT}-list.png`, fullPage: true })
      await page.setViewportSize({ width: 390, height: 844 })
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await card('Mail relay').getByRole('link', { name: 'give it' }).click()
      await page.waitForURL('**/instances/home/services/smtp')
      await page.getByText('Host (cloud.smtp.host)').waitFor()
      await page.goto('/instances/home/services/headlamp')
      await page.getByRole('link', { name: 'Give it on the page Config' }).click()
      await page.waitForURL('**/instances/home/config')
      expect([errors, outside]).toEqual([[], []])
      await page.context().close()
    },
    limitMs,
  )
})
