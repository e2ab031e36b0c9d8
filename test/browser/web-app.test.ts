import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { endProcess, root, startTestWorld } from '../world.ts'
import { openPage, startBrowser } from './browser.ts'

const limitMs = 180_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let browser: Browser
beforeAll(async () => {
  ;[world, browser] = await Promise.all([startTestWorld({ speed: 20 }), startBrowser()])
}, limitMs)
afterAll(async () => {
  await browser?.close()
  await world?.remove()
}, limitMs)

async function cli(commands: string[][]): Promise<void> {
  for (const args of commands) {
    const { code, output } = await wildCli(root, world, args)
    expect([args.join(' '), code, code ? output : '']).toEqual([args.join(' '), 0, ''])
  }
}

/** Sequence numbers of the log lines on the page. */
const sequence = (page: Page) =>
  page.locator('[data-seq]').evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('data-seq'))))

/** A mark on the page that a reload would wipe away. */
const stamp = (page: Page) => page.evaluate('window.stamp = Math.random()')
const stamped = (page: Page) => page.evaluate('window.stamp')

describe('an empty daemon', () => {
  it(
    'invites to create an instance, refuses a bad name in words, and shows the new one',
    async () => {
      const { page, outside, errors } = await openPage(browser, world.url)
      await page.goto('/')
      await page.getByText('Create your first instance').waitFor()
      await page.getByLabel('Name', { exact: true }).fill('home')
      await page.getByLabel('Your domain').fill('example.com')
      await page.getByLabel('Your e-mail address').fill('you@example.com')
      await page.getByRole('button', { name: 'Create instance' }).click()
      await page.waitForURL('**/start/home/network')
      await page.goto('/')
      await page.getByLabel('Name', { exact: true }).fill('home')
      await page.getByRole('button', { name: 'Create instance' }).click()
      await page.getByText('There is already an instance named "home".').waitFor()
      expect([outside, errors]).toEqual([[], []])
      await page.context().close()
    },
    limitMs,
  )
})

describe('an operation', () => {
  it(
    'is watched live to its end, keeps every line over a reload, and is the same in a second window',
    async () => {
      await cli([
        ['node', 'discover'],
        ['node', 'setup', 'control-1', 'control-2', 'control-3', '--yes'],
        ['cluster', 'bootstrap'],
      ])
      const first = await openPage(browser, world.url)
      await first.page.goto('/instances/home/services')
      await first.page.getByRole('button', { name: 'Install all' }).click()
      await first.page.waitForURL(/\/operations\/op_/)
      const id = first.page.url().split('/').at(-1)!
      const second = await openPage(browser, world.url)
      await second.page.goto(`/operations/${id}`)
      await first.page.locator('[data-step="metallb"][data-state="done"]').waitFor({ timeout: 120_000 })
      await first.page.reload()
      for (const { page } of [first, second])
        await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
      const record = (await world.rest('GET', `/operations/${id}`)).body.data
      expect(record.status).toBe('completed')
      const calm = await openPage(browser, world.url)
      await calm.page.goto('/instances/home/services')
      const metallb = calm.page
        .getByRole('listitem')
        .filter({ has: calm.page.getByRole('heading', { name: 'MetalLB' }) })
      await metallb.getByText('running', { exact: true }).waitFor({ timeout: 120_000 })
      expect(await calm.page.getByRole('button', { name: 'Install all' }).count()).toBe(0)
      await calm.page.context().close()
      const { body } = await world.graphql('query ($id: String!) { operation(id: $id) { lines { seq } } }', { id })
      const all = body.data.operation.lines.map(({ seq }: { seq: number }) => seq)
      for (const { page, errors } of [first, second]) {
        await page.locator(`[data-seq="${all.at(-1)}"]`).waitFor()
        // All of them are there, and what can be seen is drawn without a gap up to the last one.
        expect(await page.getByRole('log').getAttribute('data-lines')).toBe(String(all.length))
        const drawn = await sequence(page)
        expect(drawn.length).toBeGreaterThan(20)
        expect(drawn).toEqual(all.slice(-drawn.length))
        expect(await page.locator('[data-step]:not([data-state="done"]):not([data-state="skipped"])').count()).toBe(0)
        expect(errors).toEqual([])
        await page.context().close()
      }
    },
    limitMs,
  )

  it(
    'survives a killed daemon in two windows without a reload: both say what happened, and running it again works',
    async () => {
      await cli([['app', 'add', 'ghost']])
      const { page } = await openPage(browser, world.url)
      const second = await openPage(browser, world.url)
      await page.goto('/instances/home/apps/ghost')
      await page.getByRole('button', { name: 'Deploy' }).click()
      await page.waitForURL(/\/operations\/op_/)
      await second.page.goto(page.url())
      for (const each of [page, second.page]) await each.locator('[data-state="running"]').first().waitFor()
      const [left, right] = await Promise.all([page, second.page].map(stamp))
      await endProcess(world.daemon, 'SIGKILL')
      for (const each of [page, second.page]) await each.getByText('The daemon does not answer.').first().waitFor()
      await world.restartDaemon()
      for (const each of [page, second.page])
        await each.getByText('The daemon was restarted while this ran.').first().waitFor({ timeout: 120_000 })
      expect(await Promise.all([page, second.page].map(stamped))).toEqual([left, right])
      await page.getByRole('button', { name: 'Run again' }).click()
      await page.getByText('It answers at').waitFor({ timeout: 120_000 })
      expect(await page.getByRole('link', { name: 'https://ghost.cloud.example.com' }).count()).toBe(1)
      // The other window hears of the end too, where it is.
      await second.page.getByText(/Deploy ghost in home: done/).waitFor()
      expect(second.errors).toEqual([])
      for (const each of [page, second.page]) await each.context().close()
    },
    limitMs,
  )
})

describe('GraphiQL', () => {
  it(
    'works with nothing but the daemon, and answers a query',
    async () => {
      const { page, outside } = await openPage(browser, world.url)
      await page.goto('/graphql')
      await page.locator('.graphiql-execute-button').click({ timeout: 120_000 })
      await page.locator('.result-window').getByText('home').first().waitFor({ timeout: 120_000 })
      expect(outside).toEqual([])
      await page.context().close()
    },
    limitMs,
  )
})
