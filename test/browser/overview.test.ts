import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 180_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home' })
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

const keys = async (): Promise<{ path: string; question: string; required: boolean; is_set: boolean }[]> =>
  (await daemon.rest('GET', '/instances/home/config/keys')).body.data.keys

it(
  'the overview asks for what is missing as the command line does, saves all or none, and tells what helps next',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home')
    const next = page.getByRole('region', { name: 'What is next' })
    await next.getByText('In a terminal: wild-cli config prompt').waitFor()
    const missing = (await keys()).filter(({ required, is_set }) => required && !is_set)
    expect(missing.length).toBeGreaterThan(2)
    for (const { question } of missing) await next.getByLabel(question, { exact: true }).waitFor()
    await next.getByLabel('Your domain').fill('example.com')
    await next.getByLabel('Your e-mail address').fill('nobody')
    expect(await next.getByLabel('Names of apps end in').inputValue()).toBe('cloud.example.com')
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await next.getByRole('button', { name: 'Save' }).click()
    await next.getByRole('alert').getByText('e-mail').waitFor()
    expect((await keys()).find(({ path }) => path === 'cloud.baseDomain')!.is_set).toBe(false)
    await next.getByLabel('Your e-mail address').fill('you@example.com')
    await next.getByRole('button', { name: 'Save' }).click()
    await next.getByText('In a terminal: wild-cli node setup control-1').first().waitFor()
    const { config } = (await daemon.graphql('{ config(instance: "home") }')).body.data
    expect(config.cloud).toMatchObject({
      baseDomain: 'example.com',
      domain: 'cloud.example.com',
      internalDomain: 'internal.cloud.example.com',
    })
    await next.getByText('What comes after that').click()
    await next.getByText('wild-cli service install traefik').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await next.getByRole('link', { name: 'Find machines and set them up' }).click()
    await page.waitForURL(/\/instances\/home\/nodes$/)
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)
