import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { walkUntil } from '../journey/support/walk-until.ts'
import { openPage } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 240_000
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(60)
  await walkUntil(web.world, 'cluster', 'control-1')
  await web.cli('cluster etcd-snapshot save before', 'app add ghost')
}, limitMs)
afterAll(() => web?.stop(), limitMs)

/** What destroys something: the page, how its question is opened there, and the word it wants. */
interface Flow {
  page: string
  menu?: string
  button: string
  word: string
}

const removeApp: Flow = { page: '/instances/home/apps/ghost', button: 'Delete', word: 'ghost' }
const resetCluster: Flow = { page: '/instances/home/cluster', button: 'Reset the cluster…', word: 'home' }
const flows: Flow[] = [
  removeApp,
  { page: '/instances/home/cluster', button: 'Put the cluster back to before', word: 'home' },
  { page: '/instances/home/cluster', button: 'Switch all off…', word: 'home' },
  { page: '/instances/home/nodes', menu: 'More for control-1', button: 'Remove…', word: 'control-1' },
  { page: '/instances/home/nodes', menu: 'More for control-1', button: 'Reset…', word: 'control-1' },
  resetCluster,
]

async function openQuestion(page: Page, { page: path, menu, button }: Flow) {
  await page.goto(path)
  if (menu) await page.getByRole('button', { name: menu }).click()
  await page.getByRole(menu ? 'menuitem' : 'button', { name: button, exact: true }).click()
  const question = page.getByRole('dialog')
  await question.getByText('To go on, type').waitFor()
  return { question, yes: question.getByRole('button').last(), no: question.getByRole('button').nth(-2) }
}

const operations = async () => (await web.world.rest('GET', '/operations')).body.data.operations.length

describe('what destroys something', () => {
  it.each(flows)(
    'wants the name typed: $button of $word is not done by another word, by Enter, or by stepping back',
    async (flow) => {
      const { page, errors } = await openPage(web.browser, web.world.url)
      const before = await operations()
      const { question, yes, no } = await openQuestion(page, flow)
      expect(await yes.isDisabled()).toBe(true)
      const field = question.getByRole('textbox')
      await field.fill(`${flow.word}x`)
      await field.press('Enter')
      expect(await yes.isDisabled()).toBe(true)
      await field.fill(flow.word)
      expect(await yes.isEnabled()).toBe(true)
      await no.click()
      await question.waitFor({ state: 'detached' })
      await openQuestion(page, flow)
      await page.keyboard.press('Escape')
      await question.waitFor({ state: 'detached' })
      expect([await operations(), errors]).toEqual([before, []])
      await page.context().close()
    },
    limitMs,
  )

  it.each([removeApp, resetCluster])(
    'is done once the name is typed: $button of $word',
    async (flow) => {
      const { page } = await openPage(web.browser, web.world.url)
      const { question, yes } = await openQuestion(page, flow)
      await question.getByRole('textbox').fill(flow.word)
      await yes.click()
      await page.waitForURL(/\/operations\/op_/)
      await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
      const { status } = (await web.world.rest('GET', `/operations/${page.url().split('/').at(-1)}`)).body.data
      expect(status).toBe('completed')
      await page.context().close()
    },
    limitMs,
  )
})
