import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon()
}, 120_000)
afterAll(() => daemon?.stop(), 120_000)

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${daemon.url}${path}`, { headers })
/** Scripts and styles that a browser loads before it shows anything, as the first page names them. */
async function firstLoad(): Promise<string[]> {
  const page = await (await get('/')).text()
  return [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!)
}
const most = 70 * 1024

describe('the web app as the daemon serves it', () => {
  it('loads at most 70 kB of compressed scripts at first', async () => {
    const scripts = (await firstLoad()).filter((path) => path.endsWith('.js'))
    const sizes = scripts.map((path) => gzipSync(readFileSync(join(root, 'web/dist', path))).length)
    expect(scripts.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most)
  })

  it('sends text compressed to who takes it, and the same text to who does not', async () => {
    const [path] = (await firstLoad()).filter((each) => each.endsWith('.js'))
    const [small, plain] = [await get(path!), await get(path!, { 'accept-encoding': 'identity' })]
    expect([small.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null])
    expect(await small.text()).toBe(await plain.text())
    expect(small.headers.get('vary')).toBe('Accept-Encoding')
  })

  it('lets hashed files be kept for a year and asks again for the page, which costs nothing when it is the same', async () => {
    const [path] = await firstLoad()
    expect((await get(path!)).headers.get('cache-control')).toContain('immutable')
    const page = await get('/instances/home')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await get('/', { 'if-none-match': page.headers.get('etag')! })).status).toBe(304)
  })

  it('has no script in the page, and a policy that would refuse one', async () => {
    const page = await get('/')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(await page.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=/)
    expect(readdirSync(join(root, 'web/dist/assets')).some((name) => name.endsWith('.map'))).toBe(false)
  })
})
