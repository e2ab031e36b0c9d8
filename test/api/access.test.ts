import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { wildCli } from '../../lab/demo/journey.ts'
import { root, startDaemon, temporaryFolder } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
let token = ''
const home = temporaryFolder('access-home')
/** Beyond loopback as the daemon sees it; requests of the tests still go to loopback. */
const open = { WILD_HOST: '0.0.0.0' }
beforeAll(async () => {
  daemon = await startDaemon({ env: open })
  token = /shown this once: (\S+)/.exec(daemon.said)![1]!
  daemon.url = daemon.url.replace('0.0.0.0', '127.0.0.1')
})
afterAll(async () => {
  await daemon.stop()
  home.remove()
})

const call = (path: string, given?: string, method = 'GET', body?: string) =>
  fetch(`${daemon.url}${path}`, {
    method,
    body,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(given ? { authorization: `Bearer ${given}` } : {}),
    },
  })
const cli = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  wildCli(
    root,
    { cliEnvironment: { PATH: process.env.PATH, WILD_DAEMON_URL: daemon.url, XDG_CONFIG_HOME: home.path, ...env } },
    args,
  )
const login = (input: string) =>
  spawnSync(process.execPath, [join(root, 'cli/dist/wild-cli.js'), 'login', '-'], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, WILD_DAEMON_URL: daemon.url, XDG_CONFIG_HOME: home.path },
  })
const query = JSON.stringify({ query: '{ instances { name } }' })
function subscribed(given?: string): Promise<string> {
  const socket = createClient({
    url: `${daemon.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: given ? { token: given } : {},
  })
  return new Promise<string>((resolve) => {
    socket.on('connected', () => resolve('let in'))
    socket.subscribe(
      { query: 'subscription { instanceChanges { instance } }' },
      {
        next: () => undefined,
        error: (error) => resolve(`closed ${(error as { code?: number }).code}`),
        complete: () => undefined,
      },
    )
  }).finally(() => socket.dispose())
}

describe('a daemon that listens beyond loopback', () => {
  it('shows its token once, and keeps only a hash of it, for its owner alone', async () => {
    const file = join(daemon.data, 'token.json')
    expect(readFileSync(file, 'utf8')).not.toContain(token)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(daemon.data, 'logs/wildd.log'), 'utf8')).not.toContain(token)
  })

  it('turns away what brings no token, at every door, and says what to do', async () => {
    for (const [path, method, body] of [
      ['/api/v1/instances', 'GET', undefined],
      ['/api/v1/openapi.json', 'GET', undefined],
      ['/api/v1/nothing', 'GET', undefined],
      ['/graphql', 'POST', query],
      [`/graphql?query=${encodeURIComponent('{ instances { name } }')}`, 'GET', undefined],
    ] as const) {
      const answer = await call(path, undefined, method, body)
      expect([path, answer.status]).toEqual([path, 401])
      expect(await answer.text()).toContain('UNAUTHENTICATED')
    }
    expect(await subscribed()).toBe('closed 4403')
    const { code, output } = await cli(['instance', 'list'])
    expect([code, output]).toEqual([2, expect.stringContaining('wild-cli login')])
  })

  it('lets the token in, at every door', async () => {
    expect((await call('/api/v1/instances', token)).status).toBe(200)
    expect(await (await call('/graphql', token, 'POST', query)).json()).toEqual({ data: { instances: [] } })
    expect(await subscribed(token)).toBe('let in')
    expect(await cli(['instance', 'list'], { WILD_TOKEN: token })).toMatchObject({ code: 0 })
  })

  it('serves the pages and its health to everybody', async () => {
    for (const path of ['/', '/healthz', '/icon.svg']) expect([path, (await call(path)).status]).toEqual([path, 200])
  })

  it('is logged in to from standard input, never with a wrong token', async () => {
    expect(login('wild_wrong-wrong-wrong\n').status).toBe(2)
    expect(existsSync(join(home.path, 'wild-central/tokens.json'))).toBe(false)
    expect(login(`${token}\n`).status).toBe(0)
    expect(statSync(join(home.path, 'wild-central/tokens.json')).mode & 0o777).toBe(0o600)
    expect(await cli(['instance', 'list'])).toMatchObject({ code: 0 })
    expect((await cli(['login', token])).code).toBe(2)
  })

  it('gets a new token from who has the old one, which is then worth nothing', async () => {
    const { code, output } = await cli(['token', 'replace', '--yes', '-o', 'json'])
    expect(code).toBe(0)
    const old = token
    token = JSON.parse(output).token
    expect((await call('/api/v1/instances', token)).status).toBe(200)
    expect((await call('/api/v1/instances', old)).status).toBe(401)
    expect(readFileSync(join(daemon.data, 'logs/audit.log'), 'utf8')).toContain('token.replace')
    await cli(['logout'])
    expect((await cli(['instance', 'list'])).code).toBe(2)
  })

  it('gets a new token on the device itself, while it runs', async () => {
    const made = spawnSync(process.execPath, [join(root, 'server/dist/wildd.js'), 'new-token'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, WILD_CENTRAL_DATA: daemon.data },
    })
    token = /shown this once: (\S+)/.exec(made.stdout)![1]!
    expect((await call('/api/v1/instances', token)).status).toBe(200)
  })

  it('lets nobody in when the file of its token makes no sense', async () => {
    const file = join(daemon.data, 'token.json')
    const before = readFileSync(file, 'utf8')
    for (const text of ['', '{}', '{"sha256": ""}', '{"sha256": 5}', 'null']) {
      writeFileSync(file, text)
      expect([text, (await call('/api/v1/instances', token)).status]).toEqual([text, 422])
    }
    writeFileSync(file, before)
    expect((await call('/api/v1/instances', token)).status).toBe(200)
  })
})

describe('without a token', () => {
  it('answers on loopback, where none is wanted and none can be made', async () => {
    const local = await startDaemon()
    expect(local.said).not.toContain('token')
    expect((await local.rest('GET', '/access')).body.data).toEqual({ token_wanted: false })
    expect((await local.rest('POST', '/access/token')).status).toBe(409)
    await local.stop()
  })

  it('answers beyond it when it was opened on purpose, and says so', async () => {
    const public_ = await startDaemon({ env: { ...open, WILD_AUTH: 'off' } })
    expect(public_.said).toContain('everybody on the network can use it')
    expect((await fetch(`${public_.url.replace('0.0.0.0', '127.0.0.1')}/api/v1/instances`)).status).toBe(200)
    await public_.stop()
  })
})
