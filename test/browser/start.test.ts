import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labCommands } from '../world.ts'
import { openPage, overflow } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 300_000
const waitMs = 120_000
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(60)
}, limitMs)
afterAll(async () => {
  await web?.stop()
}, limitMs)

/** Commands that changed a machine or a cluster. */
const changes = () => labCommands(web.world.dataDirectory).filter(({ mutating }) => mutating)

describe('the way from nothing to the first app', () => {
  it(
    'leads from a blank daemon to a running Ghost without the terminal, and goes on where it was left',
    async () => {
      const { page, outside, errors } = await openPage(web.browser, web.world.url)
      page.setDefaultTimeout(waitMs)
      await page.goto('/')
      await page.getByLabel('Your domain').fill('example.com')
      await page.getByLabel('Your e-mail address').fill('you@example.com')
      await page.getByRole('button', { name: 'Create instance' }).click()

      await page.getByLabel('The front door').fill('10.0.0.1')
      await page.getByText('All are in the network of your router: no').waitFor()
      expect(await page.getByRole('button', { name: 'Use these addresses' }).isDisabled()).toBe(true)
      await page.reload()
      await page.getByRole('button', { name: 'Use these addresses' }).click()

      // Machines are looked for by themselves; each shows why its disk was chosen.
      await page
        .getByLabel(/^Name of/)
        .nth(2)
        .waitFor()
      await page.getByText('the only suitable disk').first().waitFor()
      await page
        .getByLabel(/^Role of/)
        .first()
        .selectOption('worker')
      await page.getByText('Two control planes are less safe than one').waitFor()
      await page
        .getByLabel(/^Role of/)
        .first()
        .selectOption('controlplane')
      await page.getByRole('button', { name: 'Review' }).click()

      await page.getByText('control-1: everything on /dev/').waitFor()
      expect(changes()).toEqual([])
      await page.getByRole('button', { name: 'Build the cluster' }).click()
      await page.getByRole('button', { name: 'Not now' }).click()
      expect(changes()).toEqual([])

      // Left here, it goes on here: in another window, by the address alone.
      const other = await openPage(web.browser, web.world.url)
      other.page.setDefaultTimeout(waitMs)
      await other.page.goto('/start/home')
      await other.page.waitForURL('**/start/home/review')
      await other.page.getByRole('button', { name: 'Build the cluster' }).click()
      await page.getByRole('button', { name: 'Build the cluster' }).click()
      await page.getByRole('button', { name: 'Erase and build' }).click()
      await page.waitForURL('**/start/home/build')
      // What was still asked there is decided: that window follows, and who goes back is told so.
      await other.page.waitForURL('**/start/home/build')
      expect(await other.page.getByRole('dialog').count()).toBe(0)
      await other.page.goBack()
      await other.page.getByText('The building has begun.').waitFor()
      expect(await other.page.getByRole('button', { name: 'Build the cluster' }).count()).toBe(0)
      await other.page.goto('/start/home')
      await other.page.waitForURL('**/start/home/build')

      await other.page.getByText('It answers.').waitFor()
      const phone = await openPage(web.browser, web.world.url, { size: 'phone' })
      await phone.page.goto('/start/home/build')
      await phone.page.getByText('It answers.').waitFor()
      expect(await overflow(phone.page)).toBe(0)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Install them' }).click()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Install Ghost' }).click()
      // It was chosen far down; how it goes is in view.
      await page.getByText('Deploy ghost in home').waitFor()
      expect(await page.evaluate('scrollY')).toBe(0)
      const link = page.getByRole('link', { name: 'Open Ghost' })
      await link.waitFor()
      expect(await link.getAttribute('href')).toBe('https://ghost.cloud.example.com')

      await page.goBack()
      await page.waitForURL('**/start/home/services')
      expect([outside, errors, other.errors, phone.errors]).toEqual([[], [], [], []])
      await Promise.all([page, other.page, phone.page].map((each) => each.context().close()))
    },
    limitMs,
  )
})
