import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 120_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon({ env: { WILD_LOG: 'info' } }), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home' })
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

describe('the page of the system', () => {
  it(
    'shows the log as it is written, who did what, and changes a setting or says why not',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto('/system')
      await page.getByText('Written to disk since its start').waitFor()
      await page.getByRole('tab', { name: 'Log' }).click()
      await page.getByRole('log').getByText('listening').waitFor()
      expect(await page.getByRole('log').getByText('/api/v1/instances').count()).toBe(0)
      await page.getByLabel('each request').check()
      await page.getByRole('log').getByText('POST /api/v1/instances 201').waitFor()
      await daemon.rest('PUT', '/instances/home/config', { path: 'cluster.name', value: 'live' })
      await page.getByRole('log').getByText('PUT /api/v1/instances/home/config 200').waitFor()
      await page.getByLabel('Search the log').fill('listening')
      await page.getByRole('log').getByText('PUT /api/v1/instances/home/config 200').waitFor({ state: 'detached' })
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.getByRole('tab', { name: 'Who did what' }).click()
      await page.getByText('setConfig').first().waitFor()
      await page.getByRole('tab', { name: 'Settings' }).click()
      const field = page.getByLabel('trash.keepDays')
      await field.fill('0')
      await page.getByRole('listitem').filter({ has: field }).getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').getByText('At least 1').waitFor()
      await field.fill('45')
      await page.getByRole('listitem').filter({ has: field }).getByRole('button', { name: 'Save' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('central.yaml would be changed').waitFor()
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      expect((await daemon.rest('GET', '/settings/yaml')).text).not.toContain('keepDays')
      await page.getByRole('listitem').filter({ has: field }).getByRole('button', { name: 'Save' }).click()
      await dialog.getByRole('button', { name: 'Go' }).click()
      await page.getByText('trash.keepDays is set.').waitFor()
      expect((await daemon.rest('GET', '/settings/yaml')).text).toContain('keepDays: 45')
      expect(new URL(page.url()).search).toBe('?view=settings')
      expect(await accessibilityFaults(page)).toEqual([])
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await overflow(page)).toBe(0)
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/system-settings.png` })
      expect(errors).toEqual([])
    },
    limitMs,
  )
})
