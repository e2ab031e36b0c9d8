import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { temporaryFolder } from '../world.ts'

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A headless Chromium: the system's, else the one inside an npm package. Nothing is downloaded. */
export async function startBrowser(): Promise<Browser> {
  const system = systemBrowsers.find((path) => existsSync(path))
  return chromium.launch({ executablePath: system ?? (await packagedBrowser()), args: flags })
}

/** Unpacks the packaged Chromium into a folder of its own: it would take any file of that name it finds. */
async function packagedBrowser(): Promise<string> {
  const folder = temporaryFolder('chromium')
  process.env.TMPDIR = folder.path
  process.once('exit', folder.remove)
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const

/** A page on the daemon that notes every request which leaves it, and every error on the page. */
export async function openPage(
  browser: Browser,
  url: string,
  look: { size?: keyof typeof sizes; colorScheme?: 'light' | 'dark' } = {},
): Promise<{ page: Page; outside: string[]; errors: string[] }> {
  const context = await browser.newContext({
    viewport: sizes[look.size ?? 'desktop'],
    colorScheme: look.colorScheme ?? 'light',
    baseURL: url,
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const outside: string[] = []
  const errors: string[] = []
  page.on('request', (request) => {
    const target = request.url()
    if (!target.startsWith(url) && !/^(blob|data):/.test(target)) outside.push(target)
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, outside, errors }
}
