import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 120_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
const old = temporaryFolder('old-home')
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
  old.remove()
}, limitMs)

it(
  'a folder of the old scripts is looked at, then becomes an instance',
  async () => {
    const home = join(old.path, 'my-cloud')
    mkdirSync(join(home, 'docs'), { recursive: true })
    writeFileSync(join(home, 'docs/README.md'), '# Docs\n')
    writeFileSync(join(home, 'secrets.yaml'), 'cloudflare:\n  token: abcdefgh-12345\n')
    writeFileSync(
      join(home, 'config.yaml'),
      'operator:\n  email: me@example.com\ncluster:\n  nodes:\n    active:\n      "127.90.0.31": # in the cellar\n        control: "true"\n        disk: /dev/sda\n',
    )
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/')
    await page.getByText('Import a folder of the old scripts').click()
    await page.getByLabel('Name of the new instance').fill('Not A Name')
    await page.getByLabel('Folder').setInputFiles(home)
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.getByText('An instance name may hold').waitFor()
    await page.getByLabel('Name of the new instance').fill('cellar')
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.getByText('is called control-1 now').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    expect((await daemon.rest('GET', '/instances')).body.data.instances).toEqual([])
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.waitForURL('**/instances/cellar')
    const config = readFileSync(join(daemon.data, 'instances/cellar/config.yaml'), 'utf8')
    expect(config).toContain('      control-1: # in the cellar\n')
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)
