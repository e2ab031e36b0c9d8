import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kubectl } from '../journey/support/kubectl.ts'
import { walkUntil } from '../journey/support/walk-until.ts'
import { labDoor } from '../lab-door.ts'
import { accessibilityFaults, type OpenPage, openPage, overflow, sizes } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 300_000
let web: WebWorld
let open: OpenPage
let page: Page

beforeAll(async () => {
  web = await startWebWorld(60)
  await walkUntil(web.world, 'cluster', 'control-1')
  await web.cli('service install traefik')
  open = await openPage(web.browser, web.world.url)
  page = open.page
}, limitMs)
afterAll(() => web?.stop(), limitMs)

const visit = async (service: string, view?: string) => {
  await page.goto(`/instances/home/services/${service}${view ? `?view=${view}` : ''}`)
  await page.getByRole('tablist').waitFor()
}
const tabs = () => page.getByRole('tab').allTextContents()

/** Nothing is wrong with it in either size and colour. */
async function looksRight(name: string): Promise<void> {
  for (const [size, colorScheme] of [
    ['phone', 'dark'],
    ['desktop', 'light'],
  ] as const) {
    await page.setViewportSize(sizes[size])
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const seen = [await accessibilityFaults(page), await overflow(page), open.errors, open.outside]
    expect([name, size, ...seen]).toEqual([name, size, [], 0, [], []])
    if (process.env.WILD_SHOT)
      await page.screenshot({ path: `${process.env.WILD_SHOT}-${name}-${size}.png`, fullPage: true })
  }
}

describe('the page of a service that is not installed', () => {
  it(
    'says what it is for and what it lacks, takes settings and secrets, and refuses what makes no sense',
    async () => {
      await page.goto('/instances/home/services')
      await page.getByRole('link', { name: 'Mail relay' }).click()
      await page.getByText('Apps send mail: invitations').waitFor()
      await page.getByText('Host (cloud.smtp.host)').waitFor()
      expect(await tabs()).toEqual(['Overview', 'Settings'])
      expect(await page.getByRole('button', { name: 'Install' }).count()).toBe(0)
      await looksRight('empty')
      await page.getByRole('link', { name: 'Give it under Settings' }).click()
      await page.getByLabel('Host').fill('relay example')
      await page.getByRole('button', { name: 'Save', exact: true }).first().click()
      await page.getByText('"relay example" is not a hostname').waitFor()
      await page.getByLabel('Host').fill('relay.example.com')
      await page.getByRole('button', { name: 'Save', exact: true }).first().click()
      const password = page.getByLabel('New value of cloud.smtp.password')
      await password.fill('canary-of-a-mail-password')
      await page.locator('form', { has: password }).getByRole('button', { name: 'Save' }).click()
      await page.getByText('set, optional', { exact: true }).waitFor()
      await page.getByText('running').waitFor()
      expect(await page.content()).not.toContain('canary-of-a-mail-password')
      const { config } = (await web.world.graphql('{ config(instance: "home", path: "cloud.smtp.host") }')).body.data
      expect(config).toBe('relay.example.com')
    },
    limitMs,
  )

  it(
    'says so of a service nobody knows, with the way back',
    async () => {
      await page.goto('/instances/home/services/nonsense')
      await page.getByRole('alert').waitFor()
      await page.getByRole('link', { name: 'All services' }).click()
      await page.waitForURL('**/instances/home/services')
    },
    limitMs,
  )
})

describe('the page of a service that runs', () => {
  it(
    'shows pods, addresses, what it needs and what needs it, health, log, events and settings',
    async () => {
      await visit('traefik')
      await page.getByText('every cluster has it').waitFor()
      await page.getByRole('region', { name: 'Pods' }).getByText('ready').waitFor()
      await page.getByRole('region', { name: 'Addresses' }).getByText(':443').waitFor()
      await page.getByRole('region', { name: 'Needs' }).getByRole('link', { name: 'MetalLB' }).waitFor()
      await page.getByRole('region', { name: 'Needed by' }).getByRole('link', { name: 'Longhorn' }).waitFor()
      await looksRight('ready')
      for (const [tab, shows] of [
        ['Health', 'Front door'],
        ['Log', 'traefik'],
        ['Events', 'Deployment traefik'],
        ['Changed by hand', 'Nothing. The cluster has what the files say.'],
        ['Settings', 'Load balancer address'],
      ]) {
        await page.getByRole('tab', { name: tab }).click()
        await page.getByRole('tabpanel').getByText(shows!).first().waitFor()
        await looksRight(tab!.replaceAll(' ', '-'))
      }
    },
    limitMs,
  )

  it(
    'shows what was changed and deleted by hand, and settles one of it alone, its plan first',
    async () => {
      const patch = ['-p', '{"spec":{"replicas":2}}', '--type=merge', '-n', 'traefik']
      await kubectl(web.world, ['patch', 'deployment', 'traefik', ...patch])
      await kubectl(web.world, ['delete', 'ingressclass', 'traefik'])
      await visit('traefik', 'drift')
      await page.getByText('IngressClass traefik').waitFor()
      await page.getByText('What was deleted is left out of the files', { exact: false }).waitFor()
      await looksRight('drift')
      const dialog = page.getByRole('dialog')
      await page.getByRole('button', { name: 'Take over IngressClass traefik' }).click()
      await dialog.getByText('would leave out IngressClass traefik', { exact: false }).waitFor()
      expect(await dialog.getByText('Deployment traefik/traefik', { exact: false }).count()).toBe(0)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Put back IngressClass traefik' }).click()
      await dialog.getByText('IngressClass traefik would be applied').waitFor()
      await dialog.getByRole('button', { name: 'Go' }).click()
      await page.waitForURL(/\/operations\/op_/)
      await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
      await visit('traefik', 'drift')
      await page.getByText('Deployment traefik/traefik').waitFor()
      expect(await page.getByText('IngressClass traefik').count()).toBe(0)
      await page.getByRole('button', { name: 'Put back', exact: true }).click()
      await dialog.getByRole('button', { name: 'Go' }).click()
      await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    },
    limitMs,
  )

  it(
    'shows the plan of an update, of copying its templates and of deleting it, and does none of it before a word',
    async () => {
      await visit('traefik', 'settings')
      const address = page.getByLabel('Load balancer address')
      const before = await address.inputValue()
      await address.fill(before.replace(/\d+$/, '85'))
      await page.getByRole('button', { name: 'Save and update…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('config.yaml: cluster.loadBalancerIp').waitFor()
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Undo' }).click()
      expect(await address.inputValue()).toBe(before)
      await page.getByRole('button', { name: 'Copy templates…' }).click()
      await dialog.getByText('would be written').first().waitFor()
      await dialog.getByRole('button', { name: 'Go' }).click()
      await page.waitForURL('**/operations/*')
      await visit('traefik')
      await page.getByRole('button', { name: 'Delete' }).click()
      await dialog.getByText('Deployment traefik/traefik would be deleted').waitFor()
      await dialog.getByRole('button', { name: 'Keep it' }).click()
    },
    limitMs,
  )
})

describe('the page of a service that is broken', () => {
  it(
    'says why and offers to install it again, which mends it',
    async () => {
      const lab = labDoor(web.world.dataDirectory)
      await lab.fault({ kind: 'image-unavailable', command: 'docker.io/nicolaka/netshoot' })
      await visit('utils')
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await page.waitForURL('**/operations/*')
      await page.getByText('cannot be pulled').first().waitFor()
      await visit('utils')
      await page.getByText('cannot be pulled').first().waitFor()
      await looksRight('broken')
      await lab.clearFaults()
      await visit('utils')
      await page.getByText('running', { exact: true }).first().waitFor({ timeout: 120_000 })
    },
    limitMs,
  )
})
