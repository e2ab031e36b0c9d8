import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { octoberHome } from '../journey/support/old-home.ts'
import { walkUntil } from '../journey/support/walk-until.ts'
import { temporaryFolder } from '../world.ts'
import { accessibilityFaults, openPage, overflow } from './browser.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 240_000
const folder = temporaryFolder('handed-back')
const handedBack = (name: string) => join(folder.path, 'home-cluster', name)
let web: WebWorld
beforeAll(async () => {
  web = await startWebWorld(60)
  await walkUntil(web.world, 'cluster', 'control-1')
}, limitMs)
afterAll(async () => {
  await web?.stop()
  folder.remove()
}, limitMs)

it(
  'a node shows its machine, and what can be done with it, each with its plan before anything happens',
  async () => {
    const { page, errors } = await openPage(web.browser, web.world.url, { size: 'phone' })
    // A menu that is still appearing has no contrast to speak of.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto('/instances/home/nodes')
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'control-1' }) })
    await card.getByText('Hardware').click()
    await card.getByText('Gbit/s').waitFor()
    await card.getByRole('button', { name: 'More for control-1' }).click()
    expect(await card.getByRole('menuitem').allInnerTexts()).toEqual([
      'Restart…',
      'Switch off…',
      'Back to the Talos before…',
      'Set up again…',
      'Reset…',
      'Remove…',
    ])
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
    await card.getByRole('menuitem', { name: 'Back to the Talos' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('it leaves v1.11.5').waitFor()
    await dialog.getByRole('button', { name: 'Not now' }).click()
    const { operations } = (await web.world.rest('GET', '/operations?type=node.rollback')).body.data
    expect([operations, errors]).toEqual([[], []])
    await page.context().close()
  },
  limitMs,
)

it(
  'a cluster is handed back as one archive, whose keys are for their owner alone',
  async () => {
    const { page, errors } = await openPage(web.browser, web.world.url)
    await page.goto('/instances/home/cluster')
    await page.getByLabel('Talos, now v1.11.5').focus()
    await page.locator('datalist option[value="v1.12.4"]').waitFor({ state: 'attached' })
    expect(await page.locator('datalist option[value="v1.11.5"]').count()).toBe(0)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the archive' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('home-cluster.tar.gz')
    await saved.saveAs(join(folder.path, 'home.tar.gz'))
    execFileSync('tar', ['-xzf', 'home.tar.gz'], { cwd: folder.path })
    for (const name of ['kubeconfig', 'talosconfig', 'secrets.yaml', 'nodes/control-1.yaml'])
      expect([name, statSync(handedBack(name)).mode & 0o777]).toEqual([name, 0o600])
    expect(readFileSync(handedBack('README.md'), 'utf8')).toContain('talosctl -n')
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

/** The report is shown and nothing is made yet; after that button the instance is there, its node ready. */
async function expectAdopted(page: Page, button: string, instance: string): Promise<void> {
  await page.getByText('It runs at').waitFor()
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
  expect((await web.world.rest('GET', '/instances')).body.data.instances).toEqual([])
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.waitForURL(`**/instances/${instance}/cluster`)
  const { nodes } = (await web.world.rest('GET', `/instances/${instance}/nodes`)).body.data
  expect(nodes.map(({ name, status }: Record<string, string>) => [name, status])).toEqual([['control-1', 'ready']])
}

it(
  'a running cluster is adopted from its access files, after what is wrong with them was named and what becomes of it was shown',
  async () => {
    await web.world.rest('DELETE', '/instances/home?force=true')
    const { page, errors } = await openPage(web.browser, web.world.url)
    await page.goto('/')
    await page.locator('summary', { hasText: 'Adopt a cluster' }).click()
    const look = page.getByRole('button', { name: 'Look at it', disabled: false }).first()
    await page.getByRole('group', { name: 'talosconfig' }).getByLabel('file').setInputFiles(handedBack('talosconfig'))
    await page.getByLabel('Name of the new instance').first().fill('mine')
    const kubeconfig = page.getByRole('group', { name: 'kubeconfig' })
    await kubeconfig.getByLabel('text').fill('nonsense')
    await look.click()
    await kubeconfig.getByRole('alert').getByText('not a kubeconfig').waitFor()
    await kubeconfig.getByLabel('text').fill(readFileSync(handedBack('kubeconfig'), 'utf8'))
    const secrets = page.getByRole('group', { name: 'Secrets bundle' })
    await secrets.getByLabel('text').fill('certs: {}')
    await look.click()
    await secrets.getByRole('alert').getByText('not a secrets bundle').waitFor()
    await secrets.getByLabel('file').setInputFiles(handedBack('secrets.yaml'))
    await look.click()
    await expectAdopted(page, 'Adopt', 'mine')
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)

it(
  'a folder of the old scripts is adopted together with the cluster that runs, access it lacks is asked for',
  async () => {
    const home = join(folder.path, 'my-cloud')
    octoberHome(join(web.world.dataDirectory, 'instances/mine'), home)
    await web.world.rest('DELETE', '/instances/mine?force=true')
    const { page, errors } = await openPage(web.browser, web.world.url)
    await page.goto('/')
    await page.locator('summary', { hasText: 'Import a folder of the old scripts' }).click()
    await page.getByLabel('Name of the new instance').last().fill('old')
    await page.getByLabel('Its cluster runs').check()
    const look = page.getByRole('button', { name: 'Look at it', disabled: false })
    renameSync(join(home, '.kubeconfig'), join(folder.path, 'kubeconfig'))
    await page.getByLabel('Folder').setInputFiles(home)
    await look.click()
    await page.getByRole('alert').getByText('kubeconfig').first().waitFor()
    renameSync(join(folder.path, 'kubeconfig'), join(home, '.kubeconfig'))
    await page.getByLabel('Folder').setInputFiles(home)
    await look.click()
    await expectAdopted(page, 'Import', 'old')
    expect(errors).toEqual([])
    await page.context().close()
  },
  limitMs,
)
