import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'
import { accessibilityFaults, openPage, overflow, sizes, startBrowser } from './browser.ts'

const limitMs = 240_000
const folder = temporaryFolder('browser-backups')
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser

beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home' })
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
  folder.remove()
}, limitMs)

const at = (view: string) => `/instances/home/backups?view=${view}`

/** Accessible and inside the screen on a phone in the dark and on a desktop in the light. */
async function expectInOrder(page: Page): Promise<void> {
  for (const [size, colorScheme] of [
    ['phone', 'dark'],
    ['desktop', 'light'],
  ] as const) {
    await page.setViewportSize(sizes[size])
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(() => window.scrollTo(0, 0))
    expect([size, await accessibilityFaults(page), await overflow(page)]).toEqual([size, [], 0])
  }
}

/** Shows the plan, says yes to it, and waits until the operation has ended well. */
async function go(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Go', exact: true }).click()
}

async function ended(page: Page): Promise<void> {
  await page.waitForURL(/\/operations\//)
  await page.getByText('completed', { exact: true }).first().waitFor({ timeout: 120_000 })
}

describe('the page of backups', () => {
  it(
    'sets where they go, with refusals at the field, a plan, and a password that is never shown again',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto(at('target'))
      await page.getByText('In a restic repository').click()
      await page.getByLabel('Repository', { exact: true }).fill('somewhere')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').getByText('give an absolute path').waitFor()
      await page.getByLabel('Repository', { exact: true }).fill('s3:https://nas/backups')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('button', { name: 'Make one up' }).click()
      await page.getByText('it is shown this once').waitFor()
      await page.getByLabel('Access key of S3').fill('an-access-key')
      await expectInOrder(page)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('backups of home would go to s3:https://nas/backups').waitFor()
      expect((await daemon.rest('GET', '/instances/home/backups/target')).body.data.kind).toBe('archive')
      await go(page)
      await page.getByText('The next backup goes there.').waitFor()
      expect((await daemon.rest('GET', '/instances/home/backups/target')).body.data.place).toBe(
        's3:https://nas/backups',
      )
      expect(await page.getByLabel('Password of the repository').inputValue()).toBe('')
      await page.getByRole('radio', { name: /^On this device/ }).check()
      await page.getByRole('button', { name: 'Save' }).click()
      await go(page)
      await expect
        .poll(async () => (await daemon.rest('GET', '/instances/home/backups/target')).body.data.kind)
        .toBe('archive')
      expect(errors).toEqual([])
      await page.context().close()
    },
    limitMs,
  )

  it(
    'makes a backup, makes an instance of it after its name was typed, and removes it',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto(at('list'))
      await page.getByText('There are no backups yet').waitFor()
      await page.getByRole('button', { name: 'Back up all', exact: true }).click()
      await ended(page)
      await page.goto(at('list'))
      await page.getByText('Settings and keys').waitFor()
      await expectInOrder(page)
      await page.getByRole('button', { name: /^Restore home-/ }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('home-restored would be made of').waitFor()
      await dialog.getByLabel('Name of the instance that is made').fill('home')
      await dialog.getByText('There is an instance home').first().waitFor()
      const makeIt = dialog.getByRole('button', { name: 'Make it' })
      expect(await makeIt.isDisabled()).toBe(true)
      await dialog.getByLabel('To go on, type home').fill('home')
      await makeIt.click()
      await dialog.getByRole('alert').getByText('There is an instance home').first().waitFor()
      await dialog.getByLabel('Name of the instance that is made').fill('second')
      await dialog.getByLabel('To go on, type home').fill('home')
      await dialog.getByText('second would be made of').waitFor()
      await makeIt.click()
      await ended(page)
      expect((await daemon.rest('GET', '/instances/second')).status).toBe(200)

      await page.goto(at('list'))
      await page.getByRole('button', { name: /^Remove home-/ }).click()
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
      await dialog.getByText('the last good backup there is').waitFor()
      await dialog.getByRole('button', { name: 'Not now' }).click()
      expect((await daemon.rest('GET', '/instances/home/backups')).body.data.backups).toHaveLength(1)
      await page.getByRole('button', { name: /^Remove home-/ }).click()
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
      await dialog.getByLabel('To go on, type remove').fill('remove')
      await dialog.getByRole('button', { name: 'Remove the last one' }).click()
      await ended(page)
      expect((await daemon.rest('GET', '/instances/home/backups')).body.data.backups).toEqual([])
      // The browser reports each refused request as an error of its own.
      expect(errors.filter((text) => !/status of 4/.test(text))).toEqual([])
      await page.context().close()
    },
    limitMs,
  )

  it(
    'sets schedule and retention, each refusal at its field',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto(at('schedule'))
      await page.getByLabel('Make backups by themselves').check()
      await page.getByLabel('Weeks').fill('many')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').first().waitFor()
      expect(await page.getByLabel('Weeks').getAttribute('aria-invalid')).toBe('true')
      await page.getByLabel('Weeks').fill('2')
      await page.getByText('Every so many hours').click()
      await page.getByRole('textbox', { name: 'Every so many hours' }).fill('6')
      await page.getByLabel('This device', { exact: false }).check()
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('There is no passphrase for backups of the device yet').waitFor()
      await page.getByLabel('This device', { exact: false }).uncheck()
      await expectInOrder(page)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('schedule: on; now: off').waitFor()
      await go(page)
      await page.getByText('Saved.', { exact: true }).waitFor()
      expect((await daemon.rest('GET', '/backups/settings')).body.data).toMatchObject({
        enabled: true,
        every_hours: 6,
        weekly: 2,
        only: ['home', 'apps', 'cluster'],
      })
      await page.goto(at('list'))
      await page.getByText('every 6 hours').waitFor()
      expect(errors).toEqual([])
      await page.context().close()
    },
    limitMs,
  )

  it(
    'backs up the whole device once there is a passphrase, and hands it over as one file',
    async () => {
      const { page, errors } = await openPage(browser, daemon.url)
      await page.goto(at('device'))
      await page.getByText('No backup of this device yet').waitFor()
      const make = page.getByRole('button', { name: 'Back up this device', exact: true })
      expect(await make.isDisabled()).toBe(true)
      await page.getByLabel('Passphrase', { exact: true }).fill('short')
      await page.getByLabel('The passphrase again').fill('shorter')
      await page.getByRole('button', { name: 'Set the passphrase' }).click()
      await page.getByText('The two passphrases differ.').waitFor()
      await page.getByLabel('The passphrase again').fill('short')
      await page.getByRole('button', { name: 'Set the passphrase' }).click()
      await page.getByRole('alert').getByText('at least 10 characters').waitFor()
      await page.getByRole('button', { name: 'Make one up' }).click()
      await expectInOrder(page)
      await page.getByRole('button', { name: 'Set the passphrase' }).click()
      await page.getByText('The passphrase is set. Keep it elsewhere too.').waitFor()
      await make.click()
      await ended(page)
      await page.goto(at('device'))
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: /^Download device-central-/ }).click()
      const saved = await download
      expect(saved.suggestedFilename()).toMatch(/^device-central-.*\.wild$/)
      await saved.saveAs(join(folder.path, 'device.wild'))
      expect(readFileSync(join(folder.path, 'device.wild'), 'latin1')).toMatch(/^WILDSEAL/)
      await expectInOrder(page)
      expect(errors).toEqual([])
      await page.context().close()
    },
    limitMs,
  )
})
