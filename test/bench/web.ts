import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../browser/browser.ts'
import { remember } from '../browser/remembered.ts'
import { firstLoads, weightLimit } from '../browser/weight.ts'
import { startDaemon } from '../world.ts'
import { median, row } from './measure.ts'

const runs = 5

/** The web app: what is sent for each page, when the first of it can be read, and how fast news come to it. */
export async function benchWeb(): Promise<void> {
  benchSizes()
  const [daemon, browser] = await Promise.all([startDaemon(), startBrowser()])
  try {
    await daemon.rest('POST', '/instances', { name: 'home' })
    await benchPaint(browser, daemon.url)
    await benchNews(browser, daemon)
    await benchHandEdit(browser, daemon)
    await benchLongLog(browser, daemon)
  } finally {
    await browser.close()
    await daemon.stop()
  }
}

function benchSizes(): void {
  for (const { page, bytes } of firstLoads())
    console.log(
      `  ${page.padEnd(44)} ${(bytes / 1000).toFixed(1).padStart(9)} kB   limit: ${weightLimit / 1000} kB   ratio ${(bytes / weightLimit).toFixed(2)}`,
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

/** From an edit of config.yaml by hand to the page that shows it, beside the same change through REST. */
async function benchHandEdit(browser: Browser, daemon: Awaited<ReturnType<typeof startDaemon>>): Promise<void> {
  const file = join(daemon.data, 'instances/home/config.yaml')
  const page = await browser.newPage()
  await page.goto(`${daemon.url}/instances/home/config`)
  const editor = page.getByRole('textbox', { name: 'config.yaml' })
  await editor.waitFor()
  let number = 0
  const change = async (write: (name: string) => unknown) => {
    const name = `seen-${number++}`
    const shown = editor.getByText(name).waitFor()
    await write(name)
    await shown
  }
  const throughRest = async (name: string) => {
    const { status, text } = await daemon.rest('PUT', '/instances/home/config', {
      path: 'operator.email',
      value: `${name}@example.com`,
    })
    if (status !== 200) throw new Error(text)
  }
  await change(throughRest)
  const rest = await median(runs, () => change(throughRest))
  const hand = await median(runs, () =>
    change((name) => writeFileSync(file, readFileSync(file, 'utf8').replace(/seen-\d+/, name))),
  )
  await page.close()
  row('from an edit by hand to the page that shows it', hand, 'the same change through REST', rest)
}

/** As text: it runs in the page. */
const throughLog = `(async () => {
  const box = document.querySelector('[role="log"]')
  for (let part = 0; part < 100; part++) {
    box.scrollTop = (box.scrollHeight * part) / 100
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
})()`

/** Through a whole log in a hundred jumps, each drawn before the next: one of 100,000 lines beside one of 1,000. */
async function benchLongLog(browser: Browser, daemon: Awaited<ReturnType<typeof startDaemon>>): Promise<void> {
  const logs = { op_long: 100_000, op_short: 1_000 }
  remember(daemon.data, ({ operation, lines }) => {
    for (const [id, count] of Object.entries(logs)) {
      operation({ id, title: id, status: 'completed', progress: 100, seconds: [0, 1] })
      lines(id, count)
    }
  })
  const through = async (id: keyof typeof logs) => {
    const page = await browser.newPage()
    await page.goto(`${daemon.url}/operations/${id}`)
    await page.locator(`[data-lines="${logs[id]}"]`).waitFor()
    const took = await median(runs, () => page.evaluate(throughLog))
    await page.close()
    return took
  }
  row('scrolling through a log of 100,000 lines', await through('op_long'), 'one of 1,000', await through('op_short'))
}
