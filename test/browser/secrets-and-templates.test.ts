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

it(
  'the page of secrets sets, lists, reveals with a reason, and deletes a secret',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home/secrets')
    await page.getByLabel('Path', { exact: true }).fill('cloudflare.token')
    await page.getByLabel('Value', { exact: true }).fill('horse-battery-staple')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByRole('cell', { name: 'supplied' }).waitFor()
    expect(await page.content()).not.toContain('horse-battery-staple')
    await page.getByRole('button', { name: 'Reveal cloudflare.token' }).click()
    await page.getByLabel(/Why do you need to see/).fill('a test')
    await page.getByRole('button', { name: 'Show the value' }).click()
    await page.getByText('horse-battery-staple').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Hide' }).click()
    await page.getByRole('button', { name: 'Delete cloudflare.token' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('None yet.').waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'the templates page renders what is typed, and says where it is wrong',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home/templates')
    await page.getByLabel('Template', { exact: true }).fill('host: {{ .cloud.domain }}')
    await page.getByRole('button', { name: 'Render', exact: true }).click()
    await page.getByText('host: cloud.example.com').waitFor()
    await page.getByLabel('Template', { exact: true }).fill('host: {{ .cloud.nope }}')
    await page.getByRole('button', { name: 'Render', exact: true }).click()
    await page.getByText('template.yaml:1:').waitFor()
    expect([await accessibilityFaults(page), await overflow(page), errors]).toEqual([[], 0, []])
    await page.context().close()
  },
  limitMs,
)
