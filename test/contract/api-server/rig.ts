import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../ports.ts'
import { temporaryFolder } from '../../world.ts'
import { type PartName, type Places, parts } from './arguments.ts'
import { writeCredentials } from './credentials.ts'

/** Longest the API server may take until it says it is ready, ms. */
const readyLimitMs = 120_000
const graceMs = 10_000

/** A Kubernetes control plane on loopback. */
export interface Rig {
  kubeconfig: string
  places: Places
  /** Ends the API server and starts it again; resolves when it is ready. `downMs`: how long it stays away. */
  restartApi(downMs?: number): Promise<void>
  stop(): Promise<void>
}

/** The HTTP status of `/readyz`; undefined while nobody answers. */
function readyz(places: Places): Promise<number | undefined> {
  const read = (name: string): Buffer => readFileSync(join(places.folder, name))
  const options = { ca: read('ca.crt'), cert: read('admin.crt'), key: read('admin.key'), timeout: 2_000 }
  return new Promise((resolve) => {
    const request = get(`https://127.0.0.1:${places.ports.api}/readyz`, options, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(undefined))
  })
}

/**
 * Starts the named parts (all, when none are named) one after another; of those that follow the API server each waits until it is ready. Throws with the
 * last lines of a part that ends by itself, or when the API is not ready in time; nothing is left running then.
 */
export async function startRig(
  programs: ReadonlyMap<string, string>,
  names: readonly PartName[] = parts.map(({ name }) => name),
  limitMs = readyLimitMs,
): Promise<Rig> {
  const folder = temporaryFolder('api-server')
  const [etcd, peers, api, controllers, scheduler] = await Promise.all(Array.from({ length: 5 }, freePort))
  const places: Places = {
    folder: folder.path,
    ports: { etcd: etcd!, peers: peers!, api: api!, controllers: controllers!, scheduler: scheduler! },
  }
  const running = new Map<PartName, ChildProcess>()
  const log = (name: PartName): string => join(folder.path, `${name}.log`)

  function start(name: PartName): void {
    const part = parts.find((one) => one.name === name)!
    const output = openSync(log(name), 'a')
    const child = spawn(programs.get(name)!, part.arguments(places), {
      stdio: ['ignore', output, output],
      cwd: folder.path,
    })
    running.set(name, child)
  }
  function failIfEnded(): void {
    for (const [name, { exitCode, signalCode }] of running)
      if (exitCode !== null || signalCode !== null) {
        const said = readFileSync(log(name), 'utf8').trim().split('\n').slice(-5).join('\n')
        throw new Error(`${name} ended with ${exitCode ?? signalCode}: ${said}`)
      }
  }
  async function ready(): Promise<void> {
    for (const end = Date.now() + limitMs; ; await delay(200)) {
      failIfEnded()
      if ((await readyz(places)) === 200) return
      if (Date.now() > end) throw new Error(`the API server was not ready within ${limitMs / 1_000} s`)
    }
  }
  async function end(name: PartName): Promise<void> {
    const child = running.get(name)
    running.delete(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await ended
    clearTimeout(late)
  }
  async function stop(): Promise<void> {
    for (const { name } of [...parts].reverse()) await end(name)
    folder.remove()
  }

  try {
    const kubeconfig = await writeCredentials(places)
    for (const { name } of parts.filter((part) => names.includes(part.name))) {
      start(name)
      if (name !== 'etcd') await ready()
    }
    return {
      kubeconfig,
      places,
      async restartApi(downMs = 0) {
        await end('kube-apiserver')
        await delay(downMs)
        start('kube-apiserver')
        await ready()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
