import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whereIs } from '../lan/tools.ts'
import { freePort } from '../ports.ts'
import { startDaemon, temporaryFolder } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const dnsmasq = whereIs('dnsmasq')
const limitMs = 120_000
const bin = temporaryFolder('dns-bin')
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser

describe.skipIf(!dnsmasq)('the page of DNS and DHCP', () => {
  beforeAll(async () => {
    symlinkSync(dnsmasq!, join(bin.path, 'dnsmasq'))
    ;[daemon, browser] = await Promise.all([startDaemon({ bin: bin.path }), startBrowser()])
    await daemon.rest('PUT', '/dnsmasq/config', { interface: 'lo', port: await freePort(), enabled: false })
  }, limitMs)
  afterAll(async () => {
    await browser?.close()
    await daemon?.stop()
    bin.remove()
  }, limitMs)

  it(
    'offers the interfaces of the device with their addresses, and keeps one that is set and not there now',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto('/dns')
      const cards = page.getByLabel('Network interface')
      await cards.waitFor()
      const { interfaces } = (await daemon.rest('GET', '/dnsmasq/interfaces')).body.data
      expect(await cards.locator('option').allInnerTexts()).toEqual(
        interfaces.map(
          ({ name, addresses }: { name: string; addresses: string[] }) => `${name}: ${addresses.join(', ')}`,
        ),
      )
      expect(await cards.inputValue()).toBe('lo')
      const file = join(daemon.data, 'central.yaml')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace(/interface: lo\b/, 'interface: usb0'))
      await page.reload()
      expect(await cards.locator('option:checked').textContent()).toBe('usb0: not there now')
      await page.getByRole('button', { name: 'Serve names' }).click()
      await page.getByRole('alert').getByText('usb0 is no network interface of this device').waitFor()
      await cards.selectOption('lo')
      writeFileSync(file, text)
      expect([errors, await accessibilityFaults(page)]).toEqual([[], []])
      await page.context().close()
    },
    limitMs,
  )

  it(
    'serves names on a click, shows a refusal at its field, and stops after asking',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto('/dns')
      await page.getByLabel('DNS servers for all other names').fill('nobody')
      await page.getByRole('button', { name: 'Serve names' }).click()
      await page.getByRole('alert').getByText('These are no addresses of DNS servers').waitFor()
      await page.getByLabel('DNS servers for all other names').fill('9.9.9.9')
      await page.getByRole('button', { name: 'Serve names' }).click()
      await page.getByRole('dialog').getByText('Starting dnsmasq with it').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
      expect((await daemon.rest('GET', '/dnsmasq/config')).body.data.enabled).toBe(false)
      await page.getByRole('button', { name: 'Serve names' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Change it' }).click()
      await page.getByText('running', { exact: true }).waitFor()
      expect((await daemon.rest('GET', '/dnsmasq/config')).body.data.dns_server).toBe('9.9.9.9')
      await page.getByText('This device lends the addresses', { exact: false }).click()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.getByLabel('First and last address to lend').fill('10.0.0.1,10.0.0.9')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('dialog').getByText('is not in the network of lo', { exact: false }).waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Change it' }).click()
      await page.getByRole('alert').getByText('is not in the network of lo').waitFor()
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Change it' }).click()
      await page.getByText('stopped', { exact: true }).waitFor()
      expect(errors).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.context().close()
    },
    limitMs,
  )
})
