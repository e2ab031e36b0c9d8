import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPage } from './browser.ts'
import { settings, startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 180_000
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(20)
  await web.cli('instance create home', ...settings, 'node discover')
  await web.cli('node setup control-1 --yes')
}, limitMs)
afterAll(() => web?.stop(), limitMs)

const operations = async () => (await web.world.rest('GET', '/operations')).body.data.operations.length

async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string }[] }> } })
      .axe
    const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
    return found.violations.map(({ id }) => id)
  })
}

describe('what will happen', () => {
  it.each(['phone', 'desktop'] as const)(
    'is shown before anything is started, by keyboard alone, on a %s',
    async (size) => {
      const { page, errors } = await openPage(web.browser, web.world.url, { size, colorScheme: 'light' })
      const before = await operations()
      await page.goto('/instances/home/cluster')
      const open = page.getByRole('button', { name: 'What will happen' })
      await open.focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'What will happen' })
      await dialog.getByText(/\d+ steps: .*would run/).waitFor()
      expect(await dialog.locator('[data-state="would_run"]').count()).toBeGreaterThan(1)
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect(await open.evaluate((button) => button === document.activeElement)).toBe(true)
      expect([await operations(), errors]).toEqual([before, []])
      await page.context().close()
    },
    limitMs,
  )

  it(
    'starts the operation with Go, and of one that is done says that nothing would change',
    async () => {
      const { page } = await openPage(web.browser, web.world.url)
      await page.goto('/instances/home/cluster')
      await page.getByRole('button', { name: 'What will happen' }).click()
      await page.getByRole('button', { name: 'Go' }).click()
      await page.waitForURL(/\/operations\/op_/)
      await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
      const before = await operations()
      await page.getByRole('button', { name: 'What will happen' }).click()
      await page.getByText('Everything is done already').waitFor()
      await page.getByRole('button', { name: 'Cancel' }).click()
      expect(await operations()).toBe(before)
      await page.context().close()
    },
    limitMs,
  )
})

describe('an operation that failed', () => {
  it(
    'says on its page what happened, what state things are in, and how to run it again',
    async () => {
      await web.world.rest('POST', '/instances/home/services', { name: 'longhorn' })
      const { page } = await openPage(web.browser, web.world.url)
      await page.goto('/operations?type=service.install')
      await page.locator('main a[href^="/operations/op_"]').first().click()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Stop it' }).click()
      await page.getByRole('heading', { name: 'What happened' }).waitFor({ timeout: 120_000 })
      const id = page.url().split('/').at(-1)!
      await page.getByText('It was stopped').first().waitFor()
      await page.getByText('other work can start').waitFor()
      await page.getByText(`wild-cli operation retry ${id}`).waitFor()
      expect(await violations(page)).toEqual([])
      await page.context().close()
    },
    limitMs,
  )
})
