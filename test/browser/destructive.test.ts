import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { walkUntil } from '../journey/support/walk-until.ts'
import { labCommands } from '../world.ts'
import { openPage } from './browser.ts'
import { destructiveFlows, type Flow, sqlOfGhost } from './destructive-flows.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 300_000
const doneMs = 200_000
let web: WebWorld
const flows = destructiveFlows(() => web)
beforeAll(async () => {
  web = await startWebWorld(200, 4)
  await walkUntil(web.world, 'app', 'control-1', 'worker-1', 'worker-2')
  await web.cli('cluster etcd-snapshot save before')
  await sqlOfGhost(web, 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)')
  await sqlOfGhost(web, "INSERT INTO notes VALUES (1, 'kept')")
  for (const [path, body] of [
    ['/instances/home/apps/ghost/backups', {}],
    ['/instances/home/backups', { only: ['home'] }],
  ] as const) {
    const started = await web.world.rest('POST', path, body)
    expect((await web.world.ended(started.body.operation_id)).status).toBe('completed')
  }
}, limitMs)
afterAll(() => web?.stop(), limitMs)

async function openQuestion(page: Page, address: string, { clicks }: Flow) {
  await page.goto(address)
  for (const click of clicks) await page.locator(click).click()
  const question = page.getByRole('dialog')
  const field = question.getByLabel('To go on, type')
  await field.waitFor()
  return { question, field, yes: question.getByRole('button').last(), no: question.getByRole('button').nth(-2) }
}

const operations = async () => (await web.world.rest('GET', '/operations')).body.data.operations.length
const changes = () => labCommands(web.world.dataDirectory).filter(({ mutating }) => mutating).length

describe('what destroys something', () => {
  // Both ways back belong to the one dialog all of these share: each is taken by every second flow.
  it.each(flows.map((flow, index) => ({ ...flow, back: index % 2 ? 'Escape' : 'Not now' })))(
    'wants a word typed, and is done then and not before: $title',
    async (flow) => {
      const address = (await flow.prepare?.()) || flow.page
      const { page, errors } = await openPage(web.browser, web.world.url)
      const before = await flow.look()
      expect(before).not.toEqual(flow.done)
      const untouched = [await operations(), changes()]

      const first = await openQuestion(page, address, flow)
      expect(await first.yes.isDisabled()).toBe(true)
      await first.field.fill(`${flow.word}x`)
      await first.field.press('Enter')
      expect(await first.yes.isDisabled()).toBe(true)
      await first.field.fill(flow.word)
      expect(await first.yes.isEnabled()).toBe(true)
      await (flow.back === 'Escape' ? page.keyboard.press('Escape') : first.no.click())
      await first.question.waitFor({ state: 'detached' })
      expect([await operations(), changes()]).toEqual(untouched)
      expect(await flow.look()).toEqual(before)

      const { field, yes, question } = await openQuestion(page, address, flow)
      await field.fill(flow.word)
      await yes.click()
      await question.waitFor({ state: 'detached' })
      await expect.poll(flow.look, { timeout: doneMs }).toEqual(flow.done)
      const [, id] = /\/operations\/(op_[^/?#]+)/.exec(page.url()) ?? []
      if (id && !address.endsWith(id)) expect((await web.world.ended(id)).status).toBe('completed')
      // The browser reports each refused request as an error of its own.
      expect(errors.filter((text) => !/status of [45]/.test(text))).toEqual([])
      await page.context().close()
    },
    limitMs,
  )
})
