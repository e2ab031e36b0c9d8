import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { depth } from '../depth.ts'
import { root, startTestWorld } from '../world.ts'
import { row } from './measure.ts'

const talosPort = 50_000
/** As discovery does it. */
const atOnce = 64
const limitMs = 1_000

type World = Awaited<ReturnType<typeof startTestWorld>>

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Runs `work` over all items, so many at a time. */
async function each<T>(items: T[], limit: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}

/** Addresses of a network given as its first three numbers and how many /24 it spans. */
function hosts(first: string, networks: number): string[] {
  const [a, b, c] = first.split('.').map(Number) as [number, number, number]
  return Array.from({ length: networks * 256 - 2 }, (_, i) => `${a}.${b}.${c + ((i + 1) >> 8)}.${(i + 1) & 255}`)
}

function connectBarely(ip: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port: talosPort })
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve()
    }
    const timer = setTimeout(done, limitMs)
    socket.once('connect', done).once('error', done)
  })
}

/** A person's own loop: one talosctl call for each address. */
function askTalosctl(world: World, ip: string): Promise<void> {
  const args = ['get', 'links', '--nodes', ip, '--insecure', '-o', 'json']
  return new Promise((resolve) =>
    execFile(join(root, 'lab/bin/talosctl'), args, { env: world.toolEnvironment }, () => resolve()),
  )
}

async function discover(world: World, subnet: string): Promise<void> {
  const { body } = await world.rest('POST', '/instances/home/nodes/discover', { subnet, timeout: 600 })
  const { status, error } = await world.ended(body.operation_id)
  if (status !== 'completed') throw new Error(`discovery ${status}: ${JSON.stringify(error)}`)
}

/** A /24 of hosts that never answer, in a process of their own. */
async function silentNetwork(first: string) {
  const addresses = hosts(first, 1)
  const child = fork(join(import.meta.dirname, 'silent-hosts.ts'), [String(talosPort), ...addresses])
  await once(child, 'message')
  // Three each fill the queues; from then on connecting hangs.
  const fillers: Socket[] = addresses.flatMap((host) =>
    [1, 2, 3].map(() => connect({ host, port: talosPort }).on('error', () => undefined)),
  )
  await delay(limitMs)
  return {
    addresses,
    close() {
      for (const socket of fillers) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}

/** Discovery of a /24 (and, at full depth, a /20) against a talosctl call per address and against bare TCP. */
export async function benchDiscovery(): Promise<void> {
  const world = await startTestWorld({ machines: 3 })
  try {
    await world.rest('POST', '/instances', { name: 'home' })
    const first = /(\d+\.\d+\.\d+)\.0\/24/.exec(String(world.toolEnvironment.WILD_LAB_NET))![1]!
    const sizes = depth() === 'full' ? [24, 20] : [24]
    for (const bits of sizes) {
      const addresses = hosts(first, 2 ** (24 - bits))
      const ours = await timed(() => discover(world, `${first}.0/${bits}`))
      const bare = await timed(() => each(addresses, atOnce, connectBarely))
      const loop = await timed(() => each(addresses, 2 * availableParallelism(), (ip) => askTalosctl(world, ip)))
      row(`/${bits}, three machines`, ours, 'talosctl for each address', loop)
      row('', ours, 'connecting alone', bare)
    }
    const other = first.replace(/\d+$/, '32')
    const silent = await silentNetwork(other)
    try {
      const bare = await timed(() => each(silent.addresses, atOnce, connectBarely))
      row('/24, nobody answers', await timed(() => discover(world, `${other}.0/24`)), 'waiting for TCP alone', bare)
    } finally {
      silent.close()
    }
  } finally {
    await world.remove()
  }
}
