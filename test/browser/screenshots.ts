import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { root, startTestWorld } from '../world.ts'
import { openPage, startBrowser } from './browser.ts'

// Makes the pictures of README and docs from the real app: `pnpm exec tsx test/browser/screenshots.ts [FOLDER]`.
const folder = process.argv[2] ?? join(root, 'docs/images')
mkdirSync(folder, { recursive: true })
const world = await startTestWorld({ speed: 10 })
const browser = await startBrowser()

/** Takes the picture once everything on the page is there. */
async function shot(page: Page, name: string): Promise<void> {
  while ((await page.locator('[aria-busy="true"]').count()) > 0) await page.waitForTimeout(200)
  await page.evaluate(
    'Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))).then(() => 0)',
  )
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

async function run(commands: string[][]): Promise<void> {
  for (const args of commands) {
    const { code, output } = await wildCli(root, world, args)
    if (code !== 0) throw new Error(`${args.join(' ')}: ${output}`)
  }
}

try {
  await run(journey.slice(0, 9))
  const { page } = await openPage(browser, world.url)
  await page.goto('/instances/home/services')
  await page.getByRole('button', { name: 'Install all' }).click()
  await page.waitForURL(/\/operations\/op_/)
  await page.locator('[data-step="cert-manager/installation"][data-state="running"]').waitFor({ timeout: 300_000 })
  await shot(page, 'operation')
  await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 300_000 })
  await run(journey.slice(10))
  await page.goto('/instances/home')
  await page.getByRole('heading', { name: 'All is well' }).waitFor({ timeout: 300_000 })
  await shot(page, 'overview')
  const phone = await openPage(browser, world.url, { size: 'phone', colorScheme: 'dark' })
  await phone.page.goto('/instances/home/apps/ghost')
  await phone.page.getByRole('heading', { level: 1, name: 'Ghost' }).waitFor({ timeout: 300_000 })
  await shot(phone.page, 'phone')
} finally {
  await browser.close()
  await world.remove()
}
