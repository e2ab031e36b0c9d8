import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 180_000
let daemon: Awaited<ReturnType<typeof startDaemon>>
let browser: Browser
beforeAll(async () => {
  ;[daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  await daemon.rest('POST', '/instances', { name: 'home', config: { cloud: { domain: 'cloud.example.com' } } })
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await daemon?.stop()
}, limitMs)

const file = () => join(daemon.data, 'instances/home/config.yaml')
const onDisk = () => readFileSync(file(), 'utf8')
const editorOf = (page: Page) => page.getByLabel('config.yaml')
/** Types at the end of the file. */
async function addTo(page: Page, text: string): Promise<void> {
  await editorOf(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(text)
}

it(
  'a setting is saved by its field, refused with the reason, filled in from what fits, and taken away',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home/config')
    const row = (key: string) => page.getByRole('listitem').filter({ has: page.getByLabel(key, { exact: true }) })
    const email = row('operator.email')
    await email.getByRole('textbox').fill('nobody')
    await email.getByRole('button', { name: 'Save' }).click()
    await email.getByRole('alert').waitFor()
    expect(onDisk()).not.toContain('nobody')
    await email.getByRole('textbox').fill('me@example.com')
    await email.getByRole('textbox').press('Enter')
    await expect.poll(onDisk).toContain('email: me@example.com')
    await editorOf(page).getByText('me@example.com').waitFor()
    const resolver = row('cloud.dns.externalResolver')
    await resolver.getByRole('button', { name: 'Use 1.1.1.1' }).click()
    await resolver.getByRole('button', { name: 'Save' }).click()
    await expect.poll(onDisk).toContain('externalResolver: 1.1.1.1')
    await resolver.getByRole('button', { name: 'Remove cloud.dns.externalResolver' }).click()
    await expect.poll(onDisk).not.toContain('externalResolver')
    // What somebody else does meanwhile takes nothing away that is typed here.
    await email.getByRole('textbox').fill('other@example.com')
    await daemon.rest('PUT', '/instances/home/config', { path: 'cluster.name', value: 'changed' })
    await editorOf(page).getByText('changed').waitFor()
    expect(await email.getByRole('textbox').inputValue()).toBe('other@example.com')
    await email.getByRole('button', { name: 'Revert' }).click()
    await page.getByLabel('Find a setting').fill('smtp')
    await page.getByLabel('operator.email', { exact: true }).waitFor({ state: 'detached' })
    await row('cloud.smtp.port').getByRole('textbox').fill('587')
    await row('cloud.smtp.port').getByRole('textbox').press('Enter')
    await expect.poll(onDisk).toContain('port: 587')
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'the editor offers declared keys, marks what is wrong where it stands, saves, and asks before a draft is left',
  async () => {
    const { page, errors } = await openPage(browser, daemon.url)
    await page.goto('/instances/home/config')
    const before = onDisk()
    await addTo(page, 'clus')
    await page.keyboard.press('Control+Space')
    await page.getByRole('option', { name: /cluster/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Backspace')
    await addTo(page, 'mine: 1')
    await page.getByRole('list', { name: 'Problems' }).getByText('mine').waitFor()
    await page.locator('.cm-lint-marker-warning').first().waitFor()
    expect(onDisk()).toBe(before)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('button', { name: 'Stay' }).click()
    await expect.poll(() => editorOf(page).textContent()).toContain('mine: 1')
    await editorOf(page).press('Control+s')
    await expect.poll(onDisk).toContain('mine: 1')
    // The page has heard of it when there is nothing to save any more.
    await expect.poll(() => page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.waitForURL('**/instances/home')
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'a draft is not saved over what somebody else wrote meanwhile, the page shows that, and either can win',
  async () => {
    const { page } = await openPage(browser, daemon.url)
    await page.goto('/instances/home/config')
    await editorOf(page).waitFor()
    await addTo(page, '# a draft')
    const theirs = `${onDisk().trimEnd()}\n# theirs\n`
    writeFileSync(file(), theirs)
    await page.getByRole('region', { name: 'What was changed elsewhere' }).getByText('+# theirs').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('alert').waitFor()
    expect(onDisk()).toBe(theirs)
    await page.getByRole('button', { name: 'Revert' }).click()
    await expect.poll(() => editorOf(page).textContent()).toContain('# theirs')
    await addTo(page, '# mine')
    writeFileSync(file(), `${theirs}# again\n`)
    await page.getByRole('button', { name: 'Put my draft over it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect.poll(onDisk).toContain('# mine')
    expect(onDisk()).not.toContain('# again')
    await page.context().close()
  },
  limitMs,
)

it.each([
  { size: 'phone', colorScheme: 'dark' },
  { size: 'desktop', colorScheme: 'light' },
] as const)(
  'form and file are both there, on a $size, $colorScheme',
  async (look) => {
    const { page, outside, errors } = await openPage(browser, daemon.url, look)
    await page.goto('/instances/home/config')
    await page.getByLabel('operator.email', { exact: true }).waitFor()
    const settled = async (name: string) => {
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/config-${name}-${look.size}.png` })
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    }
    await settled('form')
    if (look.size === 'phone') await page.getByRole('tab', { name: 'File' }).click()
    await editorOf(page).getByText('cloud.example.com').waitFor()
    await settled('file')
    expect([outside, errors]).toEqual([[], []])
    await page.context().close()
  },
  limitMs,
)
