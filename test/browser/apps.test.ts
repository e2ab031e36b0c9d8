import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kubectl } from '../journey/support/kubectl.ts'
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

const secretIsSet = async (path: string): Promise<boolean> =>
  (
    await web.world.graphql('{ secretList(instance: "home") { secrets { path set } } }')
  ).body.data.secretList.secrets.some((each: { path: string; set: boolean }) => each.path === path && each.set)

it(
  'an app is found by words and category, added from its page after saying what it needs and writes, and set up by its own form',
  async () => {
    const { page, errors } = await openPage(web.browser, web.world.url)
    await page.goto('/instances/home/apps')
    await page.getByRole('button', { name: /^content/ }).click()
    await page.getByLabel('Search the catalog').fill('newsletter blog')
    await page.getByText('1 app found').waitFor({ state: 'attached' })
    expect(
      await page.locator('[data-app]').evaluateAll((all) => all.map((each) => each.getAttribute('data-app'))),
    ).toEqual(['ghost'])
    await page.locator('[data-app="ghost"]').getByRole('link').click()
    await page.waitForURL(/\/apps\/catalog\/ghost$/)
    const needs = page.getByRole('region', { name: 'What it needs' })
    // What is typed counts at once; what is no size yet changes nothing.
    const storage = needs.getByRole('definition').last()
    const space = page.getByLabel('Space for pictures and themes')
    await storage.getByText('32 GB', { exact: true }).waitFor()
    await space.fill('50Gi')
    await storage.getByText('75 GB', { exact: true }).waitFor()
    await space.fill('a lot')
    await space.press('Tab')
    const writes = page.getByRole('region', { name: 'What adding it writes' })
    await writes.getByText('"a lot" is not a quantity').first().waitFor()
    await storage.getByText('75 GB', { exact: true }).waitFor()
    await space.fill('10Gi')
    await space.press('Tab')
    await storage.getByText('32 GB', { exact: true }).waitFor()
    await needs.getByRole('listitem').filter({ hasText: 'mysql' }).getByText('is added too').waitFor()
    await page.getByRole('region', { name: 'Secrets' }).getByText('Password of the mail relay').waitFor()
    await writes.getByText(/\d+ settings, \d+ secrets, \d+ files/).click()
    await writes.getByText('config.yaml: apps.ghost.domain = "ghost.cloud.example.com"').waitFor()
    await page.getByText('is not bootstrapped yet').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    expect(await configOf('apps')).toBeNull()

    const port = page.getByLabel('Port inside the pod')
    await port.fill('many')
    await page.getByLabel('Value of cloud.smtp.password').fill('a-password-of-the-relay')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    // What adding it would write is refused too, and may be told first.
    await expect.poll(() => port.getAttribute('aria-invalid'), { timeout: 120_000 }).toBe('true')
    await page.getByRole('button', { name: 'Add and deploy' }).click()
    await page.getByRole('alert').filter({ hasText: 'write a whole number.' }).first().waitFor()
    expect([await configOf('apps'), await page.getByRole('dialog').count()]).toEqual([null, 0])
    await port.fill('2500')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.waitForURL(/\/apps\/ghost$/)
    expect(await configOf('apps.ghost.port')).toBe(2500)
    expect(await secretIsSet('cloud.smtp.password')).toBe(true)

    await page.getByRole('tab', { name: 'Settings' }).click()
    await port.fill('many')
    await page.getByLabel('Address').fill('blog.example.com')
    await page.getByText('2 changes not saved').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Write a whole number.').waitFor()
    expect(await configOf('apps.ghost.domain')).toBe('ghost.cloud.example.com')
    await port.fill('2400')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('changes not saved').waitFor({ state: 'detached' })
    expect([await configOf('apps.ghost.domain'), await configOf('apps.ghost.port')]).toEqual(['blog.example.com', 2400])

    await page.goto('/instances/home/apps/catalog/ghost')
    await page.getByText('Ghost is here already.').waitFor()
    expect(await page.getByRole('button', { name: 'Add', exact: true }).count()).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'an app and what it needs are added and deployed from the catalog after asking, once the plan was seen',
  async () => {
    await web.cli('node discover', 'node setup control-1 --yes', 'cluster bootstrap')
    const { page, errors } = await openPage(web.browser, web.world.url)
    await page.goto('/instances/home/apps/catalog/gitea')
    const plan = page.getByRole('region', { name: 'What deploying it does to the cluster' })
    await plan.locator('[data-step="start"]').waitFor()
    await plan.getByText('Deploying PostgreSQL, which it needs').waitFor()
    if (process.env.WILD_SHOT) await page.screenshot({ path: process.env.WILD_SHOT, fullPage: true })
    await page.getByRole('button', { name: 'Add and deploy' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Gitea needs postgres, which is not here yet').waitFor()
    await dialog.getByRole('button', { name: 'Not now' }).click()
    expect(await configOf('apps.gitea')).toBeNull()
    await page.getByRole('button', { name: 'Add and deploy' }).click()
    await dialog.getByRole('button', { name: 'Add and deploy them' }).click()
    await page.waitForURL(/\/operations\/op_/)
    await page.getByRole('heading', { name: 'Deploy gitea in home' }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'what was changed by hand is seen on the page of an app, taken over into its files, or put back; a new version is told with its differences',
  async () => {
    const own = join(web.world.dataDirectory, 'apps/notes')
    mkdirSync(own, { recursive: true })
    const files = {
      'manifest.yaml':
        'name: notes\ntitle: Notes\ndescription: Notes of the household.\nversion: "1"\ncategory: home\nicon: icon.svg\nlinks: {}\ndependsOn: []\nready: []\n',
      'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
      'kustomization.yaml': 'namespace: notes\nresources: [settings.yaml]\n',
      'settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { colour: green }\n',
    }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(own, path), text)
    await web.cli('app deploy notes --add')
    const live = async () =>
      JSON.parse(await kubectl(web.world, ['get', 'configmap', 'settings', '-n', 'notes', '-o', 'json'])).data
    const change = (colour: string) =>
      kubectl(web.world, [
        'patch',
        'configmap',
        'settings',
        '-n',
        'notes',
        '--type=merge',
        '-p',
        JSON.stringify({ data: { colour } }),
      ])
    const { page, errors } = await openPage(web.browser, web.world.url)
    const settle = async (action: string): Promise<void> => {
      await page.goto('/instances/home/apps/notes?view=drift')
      await page.getByText('ConfigMap notes/settings').waitFor()
      await page.getByRole('button', { name: action }).click()
      await page.getByRole('dialog').locator('[data-step]').first().waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Go' }).click()
      await page.waitForURL(/\/operations\/op_/)
      await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    }
    await change('blue')
    await settle('Take over')
    expect([
      await live(),
      await web.world.rest('GET', '/instances/home/apps/notes/drift').then(({ body }) => body.data.drift),
    ]).toEqual([{ colour: 'blue' }, []])
    await change('red')
    await settle('Put back')
    expect(await live()).toEqual({ colour: 'blue' })

    writeFileSync(join(own, 'manifest.yaml'), files['manifest.yaml'].replace('"1"', '"2"'))
    await page.goto('/instances/home/apps/notes')
    await page.getByRole('button', { name: 'Update…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Update Notes to 2?' })
    await dialog.getByText('Notes 1 → 2').waitFor()
    await dialog
      .getByRole('listitem')
      .filter({ hasText: 'manifest.yaml would be changed' })
      .getByText('Differences')
      .click()
    await dialog.getByText('-version: "1"').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await dialog.getByRole('button', { name: 'Update', exact: true }).click()
    await page.waitForURL(/\/operations\/op_/)
    await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    expect((await web.world.rest('GET', '/instances/home/apps/notes')).body.data.version).toBe('2')
    expect(await live()).toEqual({ colour: 'blue' })
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'the data of an app is backed up, and restored beside it from the browser without touching the app; in its place only after its name was typed',
  async () => {
    await web.cli('service install longhorn', 'app deploy vaultwarden --add')
    const { page, errors } = await openPage(web.browser, web.world.url)
    const ended = () => page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 120_000 })
    await page.goto('/instances/home/apps/vaultwarden?view=backups')
    await page.getByRole('button', { name: 'Back up now' }).click()
    await page.waitForURL(/\/operations\/op_/)
    await ended()
    await page.goto('/instances/home/apps/vaultwarden?view=backups')
    await page.getByRole('button', { name: /^Restore app-/ }).click()
    const dialog = page.getByRole('dialog')
    const go = dialog.getByRole('button', { name: 'Restore', exact: true })
    await dialog.getByText('Changing over to the restored data').waitFor()
    expect(await go.isDisabled()).toBe(true)
    await dialog.getByLabel('Beside it, to be looked at').check()
    await dialog.getByText('Namespace vaultwarden-restored would be made').waitFor()
    await dialog.getByLabel('Namespace for the data').fill('vaultwarden')
    await dialog.getByLabel('Namespace for the data').press('Tab')
    await dialog.getByText('choose another name than vaultwarden').waitFor()
    await dialog.getByLabel('Namespace for the data').fill('looked-at')
    await dialog.getByLabel('Namespace for the data').press('Tab')
    await dialog.getByText('Namespace looked-at would be made').waitFor()
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await go.click()
    await page.waitForURL(/\/operations\/op_/)
    await ended()
    expect(await kubectl(web.world, ['get', 'pvc', '-n', 'looked-at', '-o', 'name'])).toContain('vaultwarden')
    expect(errors).toEqual([])
    await page.context().close()
  },
  2 * limitMs,
)
