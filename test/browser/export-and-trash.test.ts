import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 180_000
const folder = temporaryFolder('saved')
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home', description: 'Ours' })
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
  folder.remove()
}, limitMs)

it(
  'an instance is exported to a file, and imported from it under another name',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home')
    await page.locator('summary', { hasText: 'Export' }).click()
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery')
    await page.getByLabel('The passphrase again').fill('something else')
    await page.getByRole('button', { name: 'Export and save the file' }).click()
    await page.getByText('The two passphrases differ.').waitFor()
    await page.getByLabel('The passphrase again').fill('correct horse battery')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export and save the file' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toMatch(/^home-\d{4}-\d\d-\d\d\.wild$/)
    await saved.saveAs(join(folder.path, 'home.wild'))
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])

    await page.goto('/')
    await page.locator('summary', { hasText: 'Import an exported' }).click()
    await page.getByLabel('File', { exact: true }).setInputFiles(join(folder.path, 'home.wild'))
    await page.getByLabel('Passphrase', { exact: true }).fill('incorrect horse')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText(/does not fit this file/).waitFor()
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText(/already an instance named "home"/).waitFor()
    // What lies half below the fixed header is measured as too small.
    await page.evaluate(() => window.scrollTo(0, 0))
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await page.getByLabel('New name').fill('again')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.waitForURL('**/instances/again')
    expect((await daemon.rest('GET', '/instances/again')).body.data.description).toBe('Ours')
    // The browser reports each refused request as an error of its own.
    expect(errors.filter((text) => !/status of 4/.test(text))).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'a file that is no export is refused in words',
  async () => {
    writeFileSync(join(folder.path, 'other'), 'not an export')
    const { page } = await openPage(browser, daemon.url)
    await page.goto('/')
    await page.locator('summary', { hasText: 'Import an exported' }).click()
    await page.getByLabel('File', { exact: true }).setInputFiles(join(folder.path, 'other'))
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText(/not an exported instance/).waitFor()
    await page.context().close()
  },
  limitMs,
)

it(
  'a deleted instance is shown, put back under another name when its own is taken, or removed for good',
  async () => {
    await daemon.rest('POST', '/instances', { name: 'lost', description: 'Deleted by mistake' })
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/lost')
    await page.locator('summary', { hasText: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete this instance…' }).click()
    const question = page.getByRole('dialog')
    await question.getByRole('textbox').fill('last')
    expect(await question.getByRole('button', { name: 'Move to the trash' }).isDisabled()).toBe(true)
    await question.getByRole('textbox').press('Enter')
    await question.getByRole('button', { name: 'Not now' }).click()
    expect((await daemon.rest('GET', '/instances/lost')).status).toBe(200)
    await page.getByRole('button', { name: 'Delete this instance…' }).click()
    await question.getByRole('textbox').fill('lost')
    await question.getByRole('button', { name: 'Move to the trash' }).click()
    await page.getByText('Deleted instances').waitFor()
    await page.getByText('Deleted by mistake').waitFor()
    expect((await daemon.rest('GET', '/instances/lost')).status).toBe(404)
    await daemon.rest('POST', '/instances', { name: 'lost' })
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await page.getByRole('button', { name: 'Restore lost' }).click()
    await page.getByLabel('Another name').fill('found')
    await page.getByRole('button', { name: 'Restore lost' }).click()
    await page.getByRole('heading', { name: 'found', exact: true }).waitFor()
    await daemon.rest('DELETE', '/instances/found')
    await page.getByRole('button', { name: 'Remove for good: found' }).click()
    await question.getByLabel('To go on, type').fill('found')
    await question.getByRole('button', { name: 'Remove for good' }).click()
    await page.getByText('Deleted instances').waitFor({ state: 'detached' })
    expect((await daemon.rest('GET', '/trash')).body.data.trash).toEqual([])
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)
