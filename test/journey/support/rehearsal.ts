import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { startWorld, type World } from '../../../lab/demo/world.ts'
import { callers, endProcess, root, temporaryFolder } from '../../world.ts'

/** What `runner-with-faults.ts` and `hasty-clock.ts` read when the daemon starts. */
export interface Fault {
  /** 0 ≤ x < 1: where in the list of steps the daemon dies. */
  killAt?: number
  /** Id of the step whose `run` does nothing. */
  breaks?: string
  /** 0 ≤ x < 1: where in the list of steps a machine of the lab loses the network. */
  cutAt?: number
  /** Which machine. */
  cutMachine?: number
  /** How many times sooner every wait of the daemon ends. */
  haste?: number
}

/** A lab and a daemon that can be killed at a step, put back to an earlier state, and given a broken step. */
export type Rehearsal = World &
  ReturnType<typeof callers> & {
    /** Ends both processes like a power cut. */
    cut(): Promise<void>
    /** Starts both again, the daemon with this fault. */
    boot(fault?: Fault): Promise<void>
    /** Starts the daemon alone again, with this fault. */
    bootDaemon(fault?: Fault): Promise<void>
    /** Keeps everything on disk under a name; both processes must be down. */
    keep(name: string): void
    /** Puts everything on disk back to what was kept; both processes must be down. */
    putBack(name: string): void
    remove(): Promise<void>
  }

/** Modules of the daemon that tests put another one before, and who asks for them. */
const replaced = [
  { module: /\/runner\.ts$/, asker: /\/operations\/engine\.ts$/, by: 'runner-with-faults.ts' },
  { module: /\/clock\.ts$/, asker: /\/central\/foundation\.ts$/, by: 'hasty-clock.ts' },
]

/**
 * Bundles the daemon from source with a runner that can fail on order and a clock that can hurry, in a folder laid out
 * like the checkout. The rest is the product as it is: lab, command line and catalog are links.
 */
async function buildCheckout(): Promise<{ path: string; remove(): void }> {
  const folder = temporaryFolder('checkout')
  for (const name of ['lab', 'cli', 'catalog', 'web']) symlinkSync(join(root, name), join(folder.path, name))
  mkdirSync(join(folder.path, 'server'))
  for (const name of readdirSync(join(root, 'server')))
    if (name !== 'dist') symlinkSync(join(root, 'server', name), join(folder.path, 'server', name))
  await build({
    entryPoints: [join(root, 'server/src/main.ts')],
    outfile: join(folder.path, 'server/dist/wildd.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    plugins: [
      {
        name: 'replaced-modules',
        setup(bundle) {
          for (const { module, asker, by } of replaced)
            bundle.onResolve({ filter: module }, ({ importer }) =>
              asker.test(importer) ? { path: join(import.meta.dirname, by) } : undefined,
            )
        },
      },
    ],
  })
  return folder
}

let checkout: ReturnType<typeof buildCheckout> | undefined
let users = 0
let networks = 0

/** Starts a rehearsal on a free loopback network. Remove it at the end. */
export async function startRehearsal(options: { speed?: number; machines?: number } = {}): Promise<Rehearsal> {
  checkout ??= buildCheckout()
  users++
  const { path: checkoutRoot } = await checkout
  const folder = temporaryFolder('rehearsal')
  const dataDirectory = join(folder.path, 'data')
  const world = await startSomewhere(checkoutRoot, dataDirectory, { speed: 60, machines: 3, ...options })
  const env = world.toolEnvironment

  async function bootDaemon({ killAt, breaks, cutAt, cutMachine, haste }: Fault = {}): Promise<void> {
    env.WILD_TEST_CUT_AT = cutAt === undefined ? '' : String(cutAt)
    env.WILD_TEST_CUT_MACHINE = cutMachine === undefined ? '' : String(cutMachine)
    env.WILD_TEST_HASTE = haste === undefined ? '' : String(haste)
    env.WILD_TEST_KILL_AT = killAt === undefined ? '' : String(killAt)
    env.WILD_TEST_BREAK = breaks ?? ''
    await world.restartDaemon()
  }

  return Object.assign(world, callers(world.url), {
    bootDaemon,
    async cut() {
      await Promise.all([endProcess(world.daemon, 'SIGKILL'), endProcess(world.lab, 'SIGKILL')])
    },
    async boot(fault?: Fault) {
      await world.restartLab()
      await bootDaemon(fault)
    },
    keep: (name: string) => copyFolder(dataDirectory, join(folder.path, name)),
    putBack: (name: string) => copyFolder(join(folder.path, name), dataDirectory),
    async remove() {
      await world.stop()
      folder.remove()
      if (--users === 0) {
        ;(await checkout)?.remove()
        checkout = undefined
      }
    },
  })
}

/** Replaces a folder by a copy of another; sockets are no state. */
function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, preserveTimestamps: true, filter: (path) => !path.endsWith('.sock') })
}

/** The first loopback network of 127.78–127.127 that nobody uses, starting at one of this process's own. */
async function startSomewhere(
  checkoutRoot: string,
  dataDirectory: string,
  options: { speed: number; machines: number },
): Promise<World> {
  const first = process.pid * 3 + 25 + networks++
  let reason: unknown
  for (let turn = 0; turn < 50; turn += 7) {
    const network = `127.${78 + ((first + turn) % 50)}.0.0/24`
    try {
      return await startWorld({ root: checkoutRoot, dataDirectory, network, port: 0, ...options })
    } catch (error) {
      reason = error
      if (!/in use|EADDRINUSE|taken/i.test(String(error))) throw error
      rmSync(dataDirectory, { recursive: true, force: true })
    }
  }
  throw reason
}
