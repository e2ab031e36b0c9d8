import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, startDaemon, temporaryFolder } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
const secret = 'horse-battery-staple'
const route = '/instances/home/secrets'
const file = (name: string) => join(daemon.data, 'instances/home', name)
const audit = () => readFileSync(join(daemon.data, 'logs/audit.log'), 'utf8')
beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.rest('POST', '/instances', { name: 'home' })
  await daemon.rest('PUT', route, { path: 'cloudflare.token', value: secret })
})
afterAll(() => daemon.stop())

/** The CLI as it is shipped. */
function cli(args: string[], stdin = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: daemon.data, WILD_DAEMON_URL: daemon.url, WILD_INSTANCE: 'home' }
  const child = spawn(process.execPath, [join(root, 'cli/dist/wild-cli.js'), ...args], { env })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  child.stdin.end(stdin)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

describe('a secret', () => {
  it('is revealed by a POST only, and that is noted with door, path and reason, never with its value', async () => {
    const { status, headers, body } = await daemon.rest('POST', `${route}/reveal`, {
      path: 'cloudflare.token',
      reason: `moving ${secret}`,
    })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body.data).toEqual({ path: 'cloudflare.token', value: secret })
    const noted = JSON.parse(audit().trim().split('\n').at(-1)!)
    expect(noted).toEqual({
      time: expect.any(String),
      action: 'secret.reveal',
      door: 'api',
      instance: 'home',
      key: 'cloudflare.token',
      reason: 'moving ***',
    })
    expect((await daemon.rest('GET', `${route}/reveal?path=cloudflare.token`)).status).toBe(404)
    const query = await daemon.graphql('{ revealSecret(instance: "home", path: "cloudflare.token") { value } }')
    expect(query.text).not.toContain(secret)
    const mutation = await daemon.graphql(
      'mutation { revealSecret(instance: "home", path: "cloudflare.token") { value } }',
    )
    expect(mutation.body.data.revealSecret.value).toBe(secret)
    expect(statSync(join(daemon.data, 'logs/audit.log')).mode & 0o777).toBe(0o600)
  })

  it('that is not there, or a section, is not revealed and nothing is noted', async () => {
    const before = audit()
    const answers = await Promise.all(
      ['nope.x', 'cloudflare', 'a..b', '__proto__'].map((path) => daemon.rest('POST', `${route}/reveal`, { path })),
    )
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 400])
    expect(audit()).toBe(before)
  })

  it.each([
    ['alnum', /^[A-Za-z0-9]{40}$/],
    ['alpha', /^[A-Za-z]{40}$/],
    ['digits', /^\d{40}$/],
    ['hex', /^[0-9a-f]{40}$/],
    ['base64', /^[\w+/]{40}$/],
    ['base64url', /^[\w-]{40}$/],
    ['ascii', /^[!-~]{40}$/],
  ])('is generated of %s', async (charset, pattern) => {
    const path = `made.${charset}`
    const { status, body } = await daemon.rest('POST', `${route}/generate`, { path, length: 40, charset })
    expect([status, body.data.value]).toEqual([201, expect.stringMatching(pattern)])
    expect((await daemon.rest('POST', `${route}/reveal`, { path })).body.data.value).toBe(body.data.value)
  })

  it.each([
    ['an unknown set of characters', { charset: 'runes' }, 'charset'],
    ['too few characters', { length: 3 }, 'length'],
    ['a charset that is an object’s own', { charset: 'constructor' }, 'charset'],
  ])('is not generated with %s', async (_what, input, field) => {
    const { status, body } = await daemon.rest('POST', `${route}/generate`, { path: 'made.not', ...input })
    expect([status, body.error.details.field]).toEqual([400, field])
  })

  it('is listed with its kind and owner, without its value', async () => {
    await daemon.rest('PUT', route, { path: 'apps.ghost.dbPassword', value: `${secret}-2` })
    await daemon.rest('PUT', route, { path: 'nodes."10.0.0.1".key', value: 'by-hand-please' })
    const { body, text } = await daemon.rest('GET', `${route}/list`)
    const kinds = Object.fromEntries(
      body.data.secrets.map((each: { path: string; kind: string; owner?: string }) => [
        each.path,
        [each.kind, each.owner],
      ]),
    )
    expect(kinds).toMatchObject({
      'cloudflare.token': ['supplied', 'cert-manager'],
      'apps.ghost.dbPassword': ['generated', 'ghost'],
      'made.hex': ['generated', undefined],
      'nodes."10.0.0.1".key': ['supplied', undefined],
    })
    expect(text).not.toContain(secret)
  })

  it('that an added app or a configured service declares is listed before anybody set it', async () => {
    await daemon.rest('POST', '/instances', { name: 'needs' })
    const list = async () => (await daemon.rest('GET', '/instances/needs/secrets/list')).body.data.secrets
    expect(await list()).toEqual([])
    const home = join(daemon.data, 'instances/needs')
    mkdirSync(join(home, 'apps/ghost'), { recursive: true })
    mkdirSync(join(home, 'setup/cluster-services/cert-manager'), { recursive: true })
    await daemon.rest('PUT', '/instances/needs/secrets', { path: 'apps.ghost.dbPassword', value: `${secret}-3` })
    const found: { path: string; kind: string; owner: string; optional: boolean; set: boolean }[] = await list()
    expect(found[0]).toMatchObject({ path: 'apps.ghost.dbPassword', set: true })
    expect(found).toContainEqual({
      path: 'cloudflare.token',
      kind: 'supplied',
      owner: 'cert-manager',
      description: expect.stringContaining('Cloudflare'),
      optional: true,
      set: false,
    })
    expect(found.filter(({ path }) => path === 'apps.ghost.dbPassword')).toHaveLength(1)
    expect(found.every(({ owner }) => ['ghost', 'cert-manager'].includes(owner))).toBe(true)
    const { stdout } = await cli(['secret', 'list', '-i', 'needs'])
    expect(stdout).toMatch(/cloudflare\.token +supplied +not set \(optional\) +cert-manager/)
  })

  it('that was written into the config by mistake is masked in its history and in what differs', async () => {
    await daemon.rest('POST', '/instances', { name: 'leaky' })
    const config = '/instances/leaky/config'
    const text = (token: string) => `cluster:\n  name: leaky\nmine: ${token}\n`
    await daemon.rest('PUT', `${config}/yaml`, text('misplaced-token-1'))
    await daemon.rest('PUT', '/instances/leaky/secrets', { path: 'my.token', value: 'misplaced-token-1' })
    await daemon.rest('PUT', `${config}/yaml`, text('moved'))
    const { versions } = (await daemon.rest('GET', `${config}/history`)).body.data
    const leaked = versions[1].version
    const diff = await daemon.rest('GET', `${config}/history/${leaked}/diff`)
    expect(diff.text).toContain('-mine: ***\n+mine: moved\n')
    const shown = await daemon.rest('GET', `${config}/history/${leaked}`)
    expect([shown.status, shown.text]).toEqual([200, text('***')])
    const queries = `{ configDiff(instance: "leaky", version: ${leaked}) configVersion(instance: "leaky", version: ${leaked}) configHistory(instance: "leaky") { reason keys } }`
    expect((await daemon.graphql(queries)).text).not.toContain('misplaced')
    // Going back is going back to what it was.
    await daemon.rest('POST', `${config}/history/${leaked}/restore`)
    expect(readFileSync(join(daemon.data, 'instances/leaky/config.yaml'), 'utf8')).toBe(text('misplaced-token-1'))
  })

  it('is deleted alone; a section or nothing is not', async () => {
    const gone = await daemon.rest('DELETE', `${route}?path=made.hex`)
    expect([gone.status, gone.body.message]).toEqual([200, 'Secret deleted'])
    expect((await daemon.rest('GET', `${route}?path=made.hex`)).status).toBe(404)
    const before = readFileSync(file('secrets.yaml'), 'utf8')
    expect((await daemon.rest('DELETE', `${route}?path=made.hex`)).status).toBe(404)
    expect((await daemon.rest('DELETE', `${route}?path=made`)).status).toBe(400)
    expect((await daemon.rest('DELETE', route)).status).toBe(400)
    expect(readFileSync(file('secrets.yaml'), 'utf8')).toBe(before)
  })

  it('in a file opened to others is narrowed, and the list says so', async () => {
    chmodSync(file('secrets.yaml'), 0o644)
    chmodSync(file(''), 0o755)
    const { body } = await daemon.rest('GET', `${route}/list`)
    expect([statSync(file('secrets.yaml')).mode & 0o777, statSync(file('')).mode & 0o777]).toEqual([0o600, 0o700])
    expect(body.data.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/secrets\.yaml.*mode 644.*600/)]))
    expect((await cli(['secret', 'list'])).stderr).toContain('mode 644')
    expect(readFileSync(join(daemon.data, 'logs/wildd.log'), 'utf8')).toContain('readable by others')
  })

  it('in a file that is a link leaves the target’s permissions alone', async () => {
    const elsewhere = temporaryFolder('elsewhere')
    await daemon.rest('POST', '/instances', { name: 'linked' })
    const place = join(daemon.data, 'instances/linked/secrets.yaml')
    const target = join(elsewhere.path, 'theirs.yaml')
    writeFileSync(target, 'a: somebody-elses\n', { mode: 0o644 })
    rmSync(place, { force: true })
    symlinkSync(target, place)
    const { status, body } = await daemon.rest('GET', '/instances/linked/secrets/list')
    expect([status, body.data.warnings[0], statSync(target).mode & 0o777]).toEqual([
      200,
      expect.stringContaining('is a link'),
      0o644,
    ])
    elsewhere.remove()
  })
})

describe('wild-cli secret', () => {
  it('masks unless told to reveal, prints the value alone then, and the log names the CLI', async () => {
    expect((await cli(['secret', 'get', 'cloudflare.token'])).stdout).toBe('***\n')
    const shown = await cli(['secret', 'get', 'cloudflare.token', '--reveal', '--reason', 'test'])
    expect(shown).toEqual({ code: 0, stdout: `${secret}\n`, stderr: '' })
    expect(JSON.parse(audit().trim().split('\n').at(-1)!)).toMatchObject({ door: 'cli', reason: 'test' })
    expect((await cli(['secret', 'get', '--reveal'])).code).toBe(2)
  })

  it('lists, generates, and deletes only when told yes', async () => {
    const made = await cli(['secret', 'generate', 'cli.key', '--length', '16', '--charset', 'hex'])
    expect(made.stdout).toMatch(/^[0-9a-f]{16}\n$/)
    expect((await cli(['secret', 'list'])).stdout).toMatch(/cli\.key\s+generated/)
    expect((await cli(['secret', 'delete', 'cli.key'])).code).toBe(2)
    expect((await cli(['secret', 'delete', 'cli.key', '--yes'])).code).toBe(0)
    expect((await cli(['secret', 'get', 'cli.key'])).code).toBe(3)
  })
})
