import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 120_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home', config: { cloud: { domain: 'cloud.example.com' } } })
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

const file = () => join(daemon.data, 'instances/home/config.yaml')

it(
  'an edit by hand appears on the page, with its problems, is compared, and taken back',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home/config?view=history')
    const history = page.getByRole('region', { name: 'History' })
    await history.getByText('as it is now').waitFor()
    const before = readFileSync(file(), 'utf8')
    writeFileSync(file(), before.replace('cloud.example.com', 'no such domain'))
    await history.getByText('through an editor').waitFor()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('list', { name: 'Problems' }).getByText('cloud.domain').waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    await history.getByRole('button', { name: 'Compare' }).first().click()
    await history.getByText('+  domain: no such domain').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await history.getByRole('button', { name: 'Go back' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click()
    await expect.poll(() => readFileSync(file(), 'utf8')).toBe(before)
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)
