import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Where the built parts are. */
export interface Checkout {
  root: string
}

export interface WorldOptions extends Checkout {
  dataDirectory: string
  /** A /24 on loopback, e.g. 127.77.0.0/24. */
  network?: string
  machines?: number
  /** How many times faster lab time runs. */
  speed?: number
  /** Port of the daemon; 0 takes a free one. */
  port?: number
  /** `real`: whatever kubectl and talosctl there are on PATH, stand-ins for the others. Default: `WILD_LAB_TOOLS`. */
  tools?: 'real' | 'stand-in'
  /** Programs to use in place of what `tools` chooses, by path. */
  programs?: Partial<Record<ToolName, string>>
  /** Where the processes' output goes; default: kept, shown only when something fails. */
  onOutput?(from: 'lab' | 'daemon', text: string): void
}

/** A lab and a daemon beside it, as real processes. */
export interface World {
  readonly url: string
  readonly dataDirectory: string
  /** Environment that makes `wild-cli` talk to this daemon. */
  readonly cliEnvironment: NodeJS.ProcessEnv
  /** Environment that puts the stand-in kubectl and talosctl first. */
  readonly toolEnvironment: NodeJS.ProcessEnv
  readonly daemon: ChildProcess
  readonly lab: ChildProcess
  /** Starts the daemon again after it died. */
  restartDaemon(): Promise<void>
  restartLab(): Promise<void>
  /** Ends both and waits for them. */
  stop(): Promise<void>
}

const startLimitMs = 120_000

function environment(options: WorldOptions): NodeJS.ProcessEnv {
  const network = options.network ?? '127.77.0.0/24'
  const gateway = network.replace(/\.0\/24$/, '.1')
  const bin = toolFolder(options)
  return {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    WILD_CENTRAL_DATA: options.dataDirectory,
    WILD_PORT: String(options.port ?? 5055),
    WILD_LAN: network,
    WILD_GATEWAY: gateway,
    WILD_MIRROR: `http://${gateway}:8780`,
    WILD_LAB_NET: network,
    WILD_LAB_SOCKET: join(options.dataDirectory, 'lab', 'lab.sock'),
    WILD_LAB_SPEED: String(options.speed ?? 10),
    ...(options.machines ? { WILD_LAB_MACHINES: String(options.machines) } : {}),
  }
}

const toolNames = ['kubectl', 'talosctl'] as const
export type ToolName = (typeof toolNames)[number]

/** Folder that goes before PATH: the stand-ins, or those of them that have no real one here, and chosen programs. */
function toolFolder({ root, dataDirectory, tools = realOrNot(), programs = {} }: WorldOptions): string {
  const standIns = join(root, 'lab', 'bin')
  if (tools !== 'real' && Object.keys(programs).length === 0) return standIns
  const folder = join(dataDirectory, 'lab', 'bin')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const tool of toolNames) {
    const real = tools === 'real' && onPath(tool)
    const program = programs[tool] ?? (real ? undefined : join(standIns, tool))
    if (program) writeFileSync(join(folder, tool), `#!/bin/sh\nexec '${program}' "$@"\n`, { mode: 0o755 })
  }
  return folder
}

const realOrNot = (): WorldOptions['tools'] => (process.env.WILD_LAB_TOOLS === 'real' ? 'real' : 'stand-in')
const onPath = (tool: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((place) => existsSync(join(place, tool)))

/** Starts a program and waits until `ready`; throws with what it said when it ends or takes too long. */
async function startProcess(
  name: 'lab' | 'daemon',
  file: string,
  env: NodeJS.ProcessEnv,
  options: WorldOptions,
  ready: (said: string) => boolean,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000)
      options.onOutput?.(name, text)
    })
  const deadline = Date.now() + startLimitMs
  while (!ready(said)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(errorLine(said) || `the ${name} ended at once`)
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the ${name} did not start within ${startLimitMs / 1000} s: ${errorLine(said)}`)
    }
    await delay(25)
  }
  return child
}

function errorLine(said: string): string {
  const lines = said.trim().split('\n')
  return lines.find((line) => line.includes('ERROR')) ?? lines.at(-1) ?? ''
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 12_000)
  await ended
  clearTimeout(late)
}

/** Starts a lab and a daemon. Throws an Error with one clear line when either cannot start. */
export async function startWorld(options: WorldOptions): Promise<World> {
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 })
  const env = environment(options)
  const startLab = () =>
    startProcess('lab', join(options.root, 'lab/dist/lab.js'), env, options, (said) => said.includes('lab ready'))
  const startDaemon = () =>
    startProcess('daemon', join(options.root, 'server/dist/wildd.js'), env, options, (said) =>
      said.includes('Wild Central answers at'),
    )
  let lab = await startLab()
  let daemon: ChildProcess
  try {
    daemon = await startDaemon()
  } catch (error) {
    await end(lab)
    throw error
  }
  const url = () => readFileSync(join(options.dataDirectory, 'run', 'url'), 'utf8').trim()
  const address = url()

  return {
    url: address,
    dataDirectory: options.dataDirectory,
    cliEnvironment: { ...process.env, WILD_DAEMON_URL: address },
    toolEnvironment: env,
    get daemon() {
      return daemon
    },
    get lab() {
      return lab
    },
    async restartDaemon() {
      // The same port again: whoever follows an operation finds it where it was.
      env.WILD_PORT = new URL(address).port
      daemon = await startDaemon()
    },
    async restartLab() {
      lab = await startLab()
    },
    async stop() {
      await end(daemon)
      await end(lab)
    },
  }
}

/** True when the parts the demo needs are built. */
export function isBuilt({ root }: Checkout): boolean {
  return ['server/dist/wildd.js', 'lab/dist/lab.js', 'cli/dist/wild-cli.js'].every((file) =>
    existsSync(join(root, file)),
  )
}
