import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openPage, overflow } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 120_000
let web: WebWorld

describe('the image of an instance', () => {
  beforeAll(async () => {
    web = await startWebWorld(60)
    await web.cli('instance create home')
  }, limitMs)
  afterAll(() => web?.stop(), limitMs)

  it(
    'is changed after showing the difference, downloaded with its plan, and its files are removed after asking',
    async () => {
      const { page, errors, outside } = await openPage(web.browser, web.world.url)
      await page.goto('/instances/home/image')
      await page.getByLabel('Find an extension').fill('ucode')
      await page.getByLabel('siderolabs/intel-ucode').check()
      await page.getByLabel('Further kernel arguments').fill('console=ttyS0')
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.getByRole('button', { name: 'Save' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('siderolabs/intel-ucode').waitFor()
      await dialog.getByRole('button', { name: 'Save' }).click()
      const schematic = async () => (await web.world.rest('GET', '/instances/home/talos/schematic')).body.data
      await expect
        .poll(async () => (await schematic()).kernel_arguments, { timeout: 120_000 })
        .toEqual(['console=ttyS0'])
      const data = await schematic()
      expect(data.extensions).toContain('siderolabs/intel-ucode')
      await page.getByText(data.schematic_id).waitFor()

      await page.getByRole('button', { name: 'What will happen' }).click()
      await dialog.getByText('kernel-amd64', { exact: false }).first().waitFor()
      await dialog.getByRole('button', { name: 'Go' }).click()
      await page.getByText('completed', { exact: true }).first().waitFor()
      await page.goto('/pxe')
      const kernel = page.getByRole('listitem').filter({ hasText: '-amd64-kernel' })
      await kernel.waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await kernel.getByRole('button').click()
      await dialog.getByRole('button', { name: 'Remove' }).click()
      await kernel.waitFor({ state: 'detached' })
      expect([errors, outside]).toEqual([[], []])
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto('/instances/home/image')
      await page.getByLabel('Find an extension').waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      if (process.env.WILD_SHOT) await page.screenshot({ path: process.env.WILD_SHOT, fullPage: true })
      await page.context().close()
    },
    limitMs,
  )
})
