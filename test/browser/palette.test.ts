import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openPage } from './browser.ts'
import { settings, startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 120_000
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(60)
  await web.cli('instance create home', ...settings)
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

  it(
    'leads to what could be installed, by its name or by what it is for, and to its own page once it is there',
    async () => {
      const { page, errors } = await openPage(web.browser, web.world.url)
      const field = page.getByRole('combobox', { name: 'Go anywhere' })
      async function goTo(words: string, option: string, address: string): Promise<void> {
        await page.goto('/operations')
        await page.getByRole('heading', { name: 'Operations', exact: true }).waitFor()
        await page.keyboard.press('Control+k')
        await field.fill(words)
        await page.getByRole('option', { name: option }).first().waitFor()
        await page.keyboard.press('Enter')
        await page.waitForURL(`**${address}`)
      }
      await goTo('immich', 'Immich', '/instances/home/apps/catalog/immich')
      await goTo('videos of phones', 'Immich', '/instances/home/apps/catalog/immich')
      await goTo('headlamp', 'Headlamp', '/instances/home/services/headlamp')
      await goTo('ghost', 'Ghost', '/instances/home/apps/catalog/ghost')
      await web.cli('app add ghost')
      await goTo('ghost', 'Ghost', '/instances/home/apps/ghost')
      await goTo('ghost log', 'Ghost: Log', '/instances/home/apps/ghost?view=log')
      await goTo('backups', 'Backups', '/instances/home/backups')
      expect(errors).toEqual([])
      await page.context().close()
    },
    limitMs,
  )
})
