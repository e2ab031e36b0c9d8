import { expect, it } from 'vitest'
import { startDaemon } from '../world.ts'
import { accessibilityFaults, openPage, overflow, startBrowser } from './browser.ts'

const limitMs = 120_000

it(
  'a daemon that wants its token shows one field, and with the token everything works, live news too',
  async () => {
    const daemon = await startDaemon({ env: { WILD_HOST: '0.0.0.0' } })
    const browser = await startBrowser()
    try {
      const url = daemon.url.replace('0.0.0.0', '127.0.0.1')
      const token = /shown this once: (\S+)/.exec(daemon.said)![1]!
      const { page } = await openPage(browser, url)
      await page.goto('/')
      await page.getByRole('heading', { name: 'This daemon wants its token' }).waitFor()
      expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0])
      await page.getByLabel('Token').fill('wild_wrong')
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByText('is not the right one').waitFor()
      await page.getByLabel('Token').fill(token)
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByText('Create your first instance').waitFor()
      await fetch(`${url}/api/v1/instances`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ name: 'cellar' }),
      })
      await page.getByRole('heading', { name: 'cellar' }).waitFor()
    } finally {
      await browser.close()
      await daemon.stop()
    }
  },
  limitMs,
)
