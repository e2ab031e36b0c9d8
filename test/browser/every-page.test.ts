import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PageName, paths } from '../../web/src/paths.ts'
import { pick } from '../depth.ts'
import { walkUntil } from '../journey/support/walk-until.ts'
import { accessibilityFaults, type OpenPage, openPage, overflow, sizes } from './browser.ts'
import { roundsOf } from './rounds.ts'
import { startWebWorld, type WebWorld } from './web-world.ts'

const limitMs = 240_000
const all = [
  { size: 'phone', colorScheme: 'dark' },
  { size: 'desktop', colorScheme: 'light' },
  { size: 'phone', colorScheme: 'light' },
  { size: 'desktop', colorScheme: 'dark' },
] as const
const looks = all.slice(0, pick({ quick: 2, ci: 4, full: 4 }))

let web: WebWorld
let open: OpenPage
/** The operation whose page is visited. */
let operation = ''
beforeAll(async () => {
  web = await startWebWorld(60)
  await walkUntil(web.world, 'cluster', 'control-1')
  await web.cli('app add ghost')
  operation = (await web.world.rest('GET', '/operations')).body.data.operations[0].operation_id
  open = await openPage(web.browser, web.world.url)
  await open.page.goto('/')
  // All pages' code is here: what is looked at is what a page asks, not how it comes.
  await open.page.waitForLoadState('networkidle')
}, limitMs)
afterAll(() => web?.stop(), limitMs)

/** An address of the page in this world. */
function addressOf(name: PageName): string {
  const app = name === 'catalogApp' ? 'gitea' : 'ghost'
  const values: Record<string, string> = { instance: 'home', app, service: 'metallb', id: operation }
  if (name === 'start') return '/start/home/network'
  return paths[name]
    .replace('*', '/no-such-page')
    .replace(/\/:\w+\?/g, '')
    .replace(/:(\w+)/g, (_, word: string) => values[word]!)
}

async function drawn(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 120_000 })
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 120_000 })
}

describe.each(Object.keys(paths) as PageName[])('the page "%s"', (name) => {
  it(
    'asks the daemon everything in one round',
    async () => {
      const rounds = await roundsOf(open.page, addressOf(name))
      expect(rounds.slice(1)).toEqual([])
    },
    limitMs,
  )

  it(
    'is accessible and fits the screen in every look, with the internet cut',
    async () => {
      const { page, outside, errors } = open
      await page.goto(addressOf(name))
      await drawn(page)
      for (const { size, colorScheme } of looks) {
        await page.setViewportSize(sizes[size])
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const seen = { faults: await accessibilityFaults(page), overflow: await overflow(page), outside, errors }
        expect({ size, colorScheme, ...seen }).toEqual({
          size,
          colorScheme,
          faults: [],
          overflow: 0,
          outside: [],
          errors: [],
        })
      }
    },
    limitMs,
  )
})

const views = [
  ...['drift', 'settings', 'backups', 'doctor', 'log', 'events'].map((view) => `apps/ghost?view=${view}`),
  ...['health', 'log', 'settings', 'events', 'drift'].map((view) => `services/metallb?view=${view}`),
]

describe.each(pick({ quick: views.filter((_view, index) => index % 2 === 0), ci: views, full: views }))(
  'the view %s',
  (view) => {
    it(
      'asks the daemon everything in one round, and fits a phone',
      async () => {
        const { page, errors } = open
        await page.goto('/')
        await page.waitForLoadState('networkidle')
        expect(await roundsOf(page, `/instances/home/${view}`)).toHaveLength(1)
        await drawn(page)
        await page.setViewportSize(sizes.phone)
        expect([await accessibilityFaults(page), await overflow(page), errors]).toEqual([[], 0, []])
      },
      limitMs,
    )
  },
)
