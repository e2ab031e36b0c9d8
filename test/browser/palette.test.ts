import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openPage } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 120_000
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(60)
  await web.cli('instance create home')
}, limitMs)
afterAll(async () => {
  await web?.stop()
}, limitMs)

describe('the palette', () => {
  it(
    'opens by keyboard on any page, finds by parts of names, leads there, and gives the keyboard back when it is closed',
    async () => {
      const { page, errors } = await openPage(web.browser, web.world.url)
      page.setDefaultTimeout(60_000)
      await page.goto('/instances/home/config')
      await page.getByLabel('config.yaml').focus()
      await page.keyboard.press('Control+k')
      const field = page.getByRole('combobox', { name: 'Go anywhere' })
      await field.fill('no such thing')
      await page.getByText('Nothing is called like that.').waitFor()
      await page.keyboard.press('Escape')
      await field.waitFor({ state: 'detached' })
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('config.yaml')

      await page.keyboard.press('Control+k')
      await field.fill('home nod')
      await page.getByRole('option', { name: 'Nodes' }).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.waitForURL('**/instances/home/nodes')
      await page.goBack()
      await page.waitForURL('**/instances/home/config')

      await page.keyboard.press('Control+k')
      await field.fill('changing reset')
      await page.getByRole('option', { name: 'Reset' }).click()
      await page.waitForURL('**/help/cluster-changes#reset')
      await page.getByRole('heading', { name: 'Reset', exact: true }).waitFor()
      expect(errors).toEqual([])
      await page.context().close()
    },
    limitMs,
  )
})
