import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labDoor } from '../lab-door.ts'
import { accessibilityFaults, openPage, overflow } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 120_000
let web: WebWorld

describe('the page of network boot', () => {
  beforeAll(async () => {
    process.env.WILD_PXE_PORT = '0'
    web = await startWebWorld(60)
    const dns = { enabled: false, interface: 'lo', port: 5399, dnsServer: '1.1.1.1', dhcp: 'off', leaseHours: 12 }
    const rest = { dhcpRange: '127.0.0.100,127.0.0.200', router: '127.0.0.1', staticLeases: [], logQueries: false }
    writeFileSync(join(web.world.dataDirectory, 'central.yaml'), JSON.stringify({ dnsmasq: { ...dns, ...rest } }))
    await web.cli('instance create home', 'talos assets download')
  }, limitMs)
  afterAll(() => web?.stop(), limitMs)

  it(
    'switches it on, assigns a blank machine, and shows live how it boots and that it can be set up',
    async () => {
      const lab = labDoor(web.world.dataDirectory)
      const { page, errors, outside } = await openPage(web.browser, web.world.url)
      await page.goto('/pxe')
      await page.getByText('Switch network boot on', { exact: false }).waitFor()
      const go = page.getByRole('dialog').getByRole('button', { name: 'Go' })
      await page.getByRole('button', { name: 'Switch on' }).click()
      await page.getByRole('dialog').getByText('Files to boot from are served to the network').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
      expect((await web.world.rest('GET', '/pxe/status')).body.data.settings.enabled).toBe(false)
      await page.getByRole('button', { name: 'Switch on' }).click()
      await go.click()
      await page.getByText('No machine yet', { exact: false }).waitFor()
      const { mac } = (await lab.state()).machines[0]
      await page.getByLabel('Hardware address (MAC)').fill('nonsense')
      await page.getByRole('button', { name: 'Assign' }).click()
      await page.getByText('This is not a MAC address', { exact: false }).waitFor()
      await page.getByLabel('Hardware address (MAC)').fill(mac)
      await page.getByRole('button', { name: 'Assign' }).click()
      await page.getByRole('dialog').getByText(`${mac} would boot home`).waitFor()
      await go.click()
      await page.getByRole('button', { name: `Forget ${mac}` }).waitFor()
      const { url } = (await web.world.rest('GET', '/pxe/status')).body.data
      await lab.pxeBoot(1, `${url}/boot.ipxe`)
      await page.getByText('home: has everything and starts').waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      if (process.env.WILD_SHOT) await page.screenshot({ path: process.env.WILD_SHOT, fullPage: true })
      await page.setViewportSize({ width: 390, height: 844 })
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.goto('/instances/home/nodes')
      await page.getByRole('button', { name: 'Look for machines' }).click()
      await page.getByText('completed', { exact: true }).first().waitFor()
      await page.goto('/instances/home/nodes')
      await page.getByText(mac).first().waitFor()
      await page.goto('/pxe')
      await page.getByRole('button', { name: 'Switch off' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
      await page.getByRole('button', { name: 'Switch on' }).waitFor()
      expect([errors, outside]).toEqual([[], []])
      await page.context().close()
    },
    limitMs,
  )
})
