import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startWorld, type World, type WorldOptions } from '../lab/demo/world.ts'

export const root = join(import.meta.dirname, '..')

export interface Answer<T = unknown> {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
  body: any & T
}

/** Talks REST and GraphQL to a daemon as a program on the LAN would. */
export function callers(url: string) {
  async function rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parseJson(text) }
  }
  async function graphql(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parseJson(text) }
  }
  /** A WebSocket client; dispose it. */
  const socket = () =>
    createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 })
  /** Follows an operation to its end over REST. */
  async function ended(id: string): Promise<Answer['body']> {
    const response = await fetch(`${url}/api/v1/operations/${id}/logs`)
    await response.text()
    return (await rest('GET', `/operations/${id}`)).body.data
  }
  return { url, rest, graphql, socket, ended }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A temporary folder that is removed with `remove`. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `wild-${name}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
}

const nobody = 65534
const isRoot = process.getuid?.() === 0

/**
 * Why no daemon can be started that permissions of files hold for; undefined when one can. Root may do anything, so a
 * test that runs as root gives the daemon to a user without rights, who has to be able to read the build.
 */
export const noUnprivileged = (() => {
  if (!isRoot) return undefined
  const files = ['server/dist/wildd.js', 'server/node_modules/graphql/package.json'].map((file) => join(root, file))
  const look = `for (const file of ${JSON.stringify(files)}) require('node:fs').accessSync(file)`
  const { status } = spawnSync(process.execPath, ['-e', look], { uid: nobody, gid: nobody, stdio: 'ignore', cwd: '/' })
  return status === 0 ? undefined : 'a user without rights cannot read the build here'
})()

interface DaemonOptions {
  data?: string
  env?: NodeJS.ProcessEnv
  bin?: string
  /** As a user for whom permissions of files hold, also when the tests run as root. See `noUnprivileged`. */
  unprivileged?: boolean
}

/** A daemon alone, without talosctl and kubectl unless `bin` has them. */
export async function startDaemon(options: DaemonOptions = {}) {
  const folder = temporaryFolder('daemon')
  const data = options.data ?? join(folder.path, 'data')
  // A PATH with nothing but what is named here.
  const bin = options.bin ?? join(folder.path, 'bin')
  mkdirSync(bin, { recursive: true })
  const user = options.unprivileged && isRoot ? { uid: nobody, gid: nobody, cwd: '/' } : {}
  if ('uid' in user) chownSync(folder.path, nobody, nobody)
  const env = {
    ...process.env,
    PATH: bin,
    WILD_CENTRAL_DATA: data,
    WILD_PORT: '0',
    WILD_LAN: '127.90.0.0/24',
    WILD_GATEWAY: '127.90.0.1',
    WILD_LOG: 'warn',
    ...options.env,
  }
  const child = spawn(process.execPath, [join(root, 'server/dist/wildd.js')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  const said = await untilUpOrEnded(child)
  const url = said.includes('answers at') ? readFileSync(join(data, 'run/url'), 'utf8').trim() : ''
  return {
    ...callers(url),
    data,
    child,
    said,
    async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
      const code = await endProcess(child, signal)
      folder.remove()
      return code
    },
  }
}

/** Everything a process printed until it was up, or until it ended. */
function untilUpOrEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('answers at')) resolve(said)
      })
    child.once('close', () => resolve(said))
  })
}

/** Ends a process; resolves with its exit code. */
export function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.kill(signal)
  })
}

const firstNetwork = 78
const networks = 50
/** Nothing of the lab listens here: holding it is what makes a network ours. */
const reservedPort = 8799
/** Where a lab's mirror listens: a lab that outlived its test, or one started by hand, still holds it. */
const mirrorPort = 8780

function listenIfFree(host: string, port: number): Promise<Server | undefined> {
  const server = createServer().unref()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, host, () => resolve(server))
  })
}

/** Takes a /24 on loopback nobody else uses, by listening on it; `release` gives it back. */
async function takeNetwork(): Promise<{ network: string; release(): void }> {
  for (let tries = 0; tries < networks; tries++) {
    const number = firstNetwork + ((process.pid + tries) % networks)
    const holder = await listenIfFree(`127.${number}.0.1`, reservedPort)
    if (!holder) continue
    const probe = await listenIfFree(`127.${number}.0.1`, mirrorPort)
    if (probe) {
      await new Promise((resolve) => probe.close(resolve))
      return { network: `127.${number}.0.0/24`, release: () => void holder.close() }
    }
    holder.close()
  }
  throw new Error('no loopback network is free for a test')
}

/** A lab and a daemon on a loopback network of this worker's own. */
export async function startTestWorld(
  options: { speed?: number; machines?: number; tools?: 'real' | 'stand-in'; programs?: WorldOptions['programs'] } = {},
): Promise<World & ReturnType<typeof callers> & { remove(): Promise<void> }> {
  const folder = temporaryFolder('world')
  const { network, release } = await takeNetwork()
  const world = await startWorld({
    root,
    dataDirectory: folder.path,
    network,
    port: 0,
    speed: options.speed ?? 60,
    machines: options.machines ?? 3,
    tools: options.tools ?? 'stand-in',
    programs: options.programs,
  })
  return Object.assign(world, callers(world.url), {
    async remove() {
      await world.stop()
      release()
      folder.remove()
    },
  })
}

/** Commands the stand-ins ran, newest last. */
export function labCommands(
  dataDirectory: string,
): { tool: string; argv: string[]; mutating: boolean; exit: number }[] {
  const text = readFileSync(join(dataDirectory, 'lab', 'commands.log'), 'utf8')
  return text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []))
}
