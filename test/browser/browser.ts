import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
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
  // The internet is cut: whatever is not on loopback goes to a proxy nobody listens at.
  '--proxy-server=http://127.0.0.1:9',
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

export interface Look {
  size?: keyof typeof sizes
  colorScheme?: 'light' | 'dark'
}

/** A page of a person, with what should never happen on it. */
export interface OpenPage {
  page: Page
  /** Requests that left the daemon. */
  outside: string[]
  /** Errors and refused scripts on the page. */
  errors: string[]
  /** How many GraphQL requests it made so far. */
  requests(): number
}

/** Opens a page on the daemon in a browser profile of its own. Close `page.context()`. */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: sizes[look.size ?? 'desktop'],
    colorScheme: look.colorScheme ?? 'light',
    baseURL: url,
  })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const outside: string[] = []
  const errors: string[] = []
  let requests = 0
  page.on('request', (request) => {
    const target = new URL(request.url())
    if (target.origin !== url && !['blob:', 'data:'].includes(target.protocol)) outside.push(request.url())
    if (target.pathname === '/graphql' && request.method() === 'POST') requests++
  })
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(url).host) outside.push(socket.url())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) errors.push(message.text())
  })
  return { page, outside, errors, requests: () => requests }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[]
}

/** Waits until no colour is on its way to another: half-way it has no contrast to speak of. */
const colours =
  'Promise.all(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished.catch(() => undefined)))'

/** What axe finds against WCAG AA: the rule, and the first element that breaks it. */
export async function accessibilityFaults(page: Page): Promise<[string, string | undefined][]> {
  await page.evaluate(`new Promise(requestAnimationFrame).then(() => ${colours}).then(() => undefined)`)
  // The policy of the page forbids scripts put into it, so axe comes in through the debugger.
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<AxeResult>(`axe.run({ runOnly: ${JSON.stringify(rules)} })`)
  return violations.map(({ id, nodes }) => [id, nodes[0]?.html])
}

/** Pixels that stick out to the right: a person would have to scroll sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
