import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../browser/browser.ts'
import { root, startDaemon } from '../world.ts'
import { median, row } from './measure.ts'

const limit = 70_000
const runs = 5
const folder = join(root, 'web/dist')

/** The web app: what is sent for each page, when the first of it can be read, and how fast news come to it. */
export async function benchWeb(): Promise<void> {
  benchSizes()
  const [daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  try {
    await daemon.rest('POST', '/instances', { name: 'home' })
    await benchPaint(browser, daemon.url)
    await benchNews(browser, daemon)
  } finally {
    await browser.close()
    await daemon.stop()
  }
}

/** A file of the build, and all files it imports before it runs. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const text = readFileSync(join(folder, 'assets', file), 'utf8')
  for (const [, next] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) withImports(next!, found)
  return found
}

const gzipped = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, 'assets', file))).length, 0)

/** JavaScript of the first load of each page: what index.html names, and the page's own, with all they import. */
function benchSizes(): void {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const first = new Set<string>()
  for (const [, file] of html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)) withImports(file!, first)
  const entry = [...first].map((file) => readFileSync(join(folder, 'assets', file), 'utf8')).join('\n')
  const pages = new Set([...entry.matchAll(/import\(\s*["'`]\.\/([\w.-]+\.js)["'`]\s*\)/g)].map(([, file]) => file!))
  const sizes = [...pages].map((file) => [file, gzipped(withImports(file, new Set(first)))] as const)
  for (const [file, size] of [['the frame alone', gzipped(first)] as const, ...sizes.sort((a, b) => b[1] - a[1])])
    console.log(
      `  ${file.padEnd(44)} ${(size / 1000).toFixed(1).padStart(9)} kB   limit: ${limit / 1000} kB   ratio ${(size / limit).toFixed(2)}`,
    )
}

/** From going there to the first content: the app's first page beside a page of one line from a bare server. */
async function benchPaint(browser: Browser, url: string): Promise<void> {
  const bare = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>.</title><h1>home</h1>'),
  )
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const address = bare.address()
  const bareUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const visit = async (target: string) => {
    const page = await browser.newPage()
    const start = performance.now()
    await page.goto(target, { waitUntil: 'commit' })
    await page.getByRole('heading', { name: 'home' }).waitFor()
    const took = performance.now() - start
    await page.close()
    return took
  }
  const ours: number[] = []
  const theirs: number[] = []
  for (let run = 0; run < runs; run++) {
    theirs.push(await visit(bareUrl))
    ours.push(await visit(`${url}/instances/home`))
  }
  bare.close()
  row('first useful paint, nothing cached', middle(ours), 'a page of one line', middle(theirs))
}

const middle = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!

/** From a change at the daemon to the page that shows it, beside the request that makes the change. */
async function benchNews(browser: Browser, daemon: Awaited<ReturnType<typeof startDaemon>>): Promise<void> {
  const page = await browser.newPage()
  await page.goto(`${daemon.url}/`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  let number = 0
  const bare = await median(runs, async () => {
    await daemon.rest('POST', '/instances', { name: `bare-${number++}` })
  })
  const ours = await median(runs, () => seen(page, `seen-${number++}`, daemon))
  await page.close()
  row('from a change to the page that shows it', ours, 'the change alone', bare)
}

async function seen(page: Page, name: string, { rest }: Awaited<ReturnType<typeof startDaemon>>): Promise<void> {
  const shown = page.getByRole('main').getByText(name, { exact: true }).first().waitFor()
  await rest('POST', '/instances', { name })
  await shown
}
