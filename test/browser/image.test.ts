import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../world.ts'
import { accessibilityFaults, openPage, overflow } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 120_000
const folder = temporaryFolder('iso')
let web: WebWorld

describe('the image of an instance', () => {
  beforeAll(async () => {
    web = await startWebWorld(60)
    await web.cli('instance create home')
  }, limitMs)
  afterAll(async () => {
    await web?.stop()
    folder.remove()
  }, limitMs)

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

      const networkBoot = page.getByRole('region', { name: 'Files to boot from' })
      await networkBoot.getByRole('button', { name: 'What will happen' }).click()
      await dialog.getByText('kernel-amd64', { exact: false }).first().waitFor()
      await dialog.getByRole('button', { name: 'Go' }).click()
      await page.getByText('completed', { exact: true }).first().waitFor()
      await page.goto('/pxe')
      const kernel = page.getByRole('listitem').filter({ hasText: '-amd64-kernel' })
      await kernel.waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await kernel.getByRole('button', { name: 'Remove' }).click()
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

  it(
    'is had as an ISO image after showing the plan, saved by the browser byte by byte, with the way to a stick beside it',
    async () => {
      const { page, errors, outside } = await openPage(web.browser, web.world.url)
      await page.goto('/instances/home/image')
      const stick = page.getByRole('region', { name: 'A USB stick to start machines from' })
      await stick.getByText('sudo dd if=talos.iso', { exact: false }).waitFor()
      await stick.getByRole('button', { name: 'Get the ISO image' }).click()
      await page.getByRole('dialog').getByText('metal-amd64.iso', { exact: false }).first().waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Go' }).click()
      const save = stick.getByRole('button', { name: 'Save the ISO image' })
      await save.waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      // An image for other machines is another one.
      await stick.getByLabel('ARM (arm64)').check()
      await stick.getByRole('button', { name: 'Get the ISO image' }).waitFor()
      await stick.getByLabel('PC (amd64)').check()
      const coming = page.waitForEvent('download')
      await save.click()
      const saved = await coming
      expect(saved.suggestedFilename()).toMatch(/^talos-v[\d.]+-metal-amd64\.iso$/)
      const file = join(folder.path, 'talos.iso')
      await saved.saveAs(file)
      const { assets } = (await web.world.rest('GET', '/pxe/assets')).body.data
      const iso = assets.find(({ kind }: { kind: string }) => kind === 'iso')
      expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(iso.sha256)
      expect([errors, outside]).toEqual([[], []])
      await page.context().close()
    },
    limitMs,
  )
})
