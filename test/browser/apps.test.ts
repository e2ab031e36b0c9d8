import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessibilityFaults, openPage, overflow } from './browser.ts'
import { settings, startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 180_000
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(60)
  await web.cli('instance create home', ...settings)
}, limitMs)
afterAll(() => web?.stop(), limitMs)

const configOf = async (path: string): Promise<unknown> =>
  (await web.world.graphql('query ($path: String!) { config(instance: "home", path: $path) }', { path })).body.data
    .config

it(
  'an app is found by words and category, added after saying what it needs and changes, and set up by its own form',
  async () => {
    const { page, errors } = await openPage(web.browser, web.world.url)
    await page.goto('/instances/home/apps')
    await page.getByRole('button', { name: /^content/ }).click()
    await page.getByLabel('Search the catalog').fill('newsletter blog')
    await page.getByText('1 app found').waitFor({ state: 'attached' })
    expect(
      await page.locator('[data-app]').evaluateAll((all) => all.map((each) => each.getAttribute('data-app'))),
    ).toEqual(['ghost'])
    await page.getByRole('button', { name: 'Add Ghost' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The app mysql: it is added too.').waitFor()
    await dialog.getByText('cloud.smtp.password').waitFor()
    await dialog.getByText('Nothing is started').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    expect(await configOf('apps')).toBeNull()
    await dialog.getByRole('button', { name: 'Add' }).click()

    await page.waitForURL(/\/apps\/ghost$/)
    const port = page.getByLabel('Port inside the pod')
    await port.fill('many')
    await page.getByLabel('Address').fill('blog.example.com')
    await page.getByText('2 changes not saved').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('port: write a whole number.').waitFor()
    expect(await configOf('apps.ghost.domain')).toBe('ghost.cloud.example.com')
    await port.fill('2400')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('changes not saved').waitFor({ state: 'detached' })
    expect([await configOf('apps.ghost.domain'), await configOf('apps.ghost.port')]).toEqual(['blog.example.com', 2400])
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)
