import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { endProcess, root } from '../world.ts'
import { whereIs } from './tools.ts'

const ip = whereIs('ip')

/** Why network namespaces cannot be made here; undefined when they can. */
export function namespacesMissing(): string | undefined {
  if (!ip) return 'iproute2 is not here'
  try {
    execFileSync(ip, ['netns', 'add', `wild-try-${process.pid}`], { stdio: 'ignore' })
    execFileSync(ip, ['netns', 'del', `wild-try-${process.pid}`], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'network namespaces cannot be made here'
  }
}

export interface Ran {
  code: number
  output: string
}

/** Two network namespaces joined by a cable: this device (`.1`, interface `lan0`) and a machine (`.250`, `lan1`). */
export interface Cable {
  /** Runs a program to its end. */
  run(where: 'device' | 'machine', command: string[], env?: NodeJS.ProcessEnv): Promise<Ran>
  /** Starts one that goes on; ended by `remove`. */
  start(where: 'device' | 'machine', command: string[], env?: NodeJS.ProcessEnv): ChildProcess
  /** The client of `client.ts` in the machine's namespace; its answer. */
  client(...args: string[]): Promise<unknown>
  /** Pulls the cable out of the device, adapter and all; `plugIn` puts both back. */
  pullOut(): void
  plugIn(): void
  remove(): Promise<void>
}

/** Lays a cable. Needs the right to make namespaces. */
export function layCable(network: string): Cable {
  const id = `${process.pid % 100_000}`
  const names = { device: `wild-d-${id}`, machine: `wild-m-${id}` }
  const children: ChildProcess[] = []
  const call = (...args: string[]) => void execFileSync(ip!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const inside = (where: keyof typeof names, command: string[]) => ['netns', 'exec', names[where], ...command]
  call('netns', 'add', names.device)
  call('netns', 'add', names.machine)
  function plugIn(): void {
    call('link', 'add', 'lan0', 'netns', names.device, 'type', 'veth', 'peer', 'name', 'lan1', 'netns', names.machine)
    for (const [where, link, host] of [
      ['device', 'lan0', 1],
      ['machine', 'lan1', 250],
    ] as const) {
      call('-n', names[where], 'addr', 'add', `${network}.${host}/24`, 'brd', '+', 'dev', link)
      call('-n', names[where], 'link', 'set', 'lo', 'up')
      call('-n', names[where], 'link', 'set', link, 'up')
    }
    call('-n', names.machine, 'route', 'add', '255.255.255.255/32', 'dev', 'lan1')
  }
  plugIn()

  function start(where: keyof typeof names, command: string[], env = process.env): ChildProcess {
    const child = spawn(ip!, inside(where, command), { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    return child
  }

  async function run(where: keyof typeof names, command: string[], env?: NodeJS.ProcessEnv): Promise<Ran> {
    const child = start(where, command, env)
    let output = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? -1)))
    return { code, output }
  }

  return {
    run,
    start,
    async client(...args) {
      const tsx = join(root, 'node_modules/.bin/tsx')
      const { code, output } = await run('machine', [tsx, join(import.meta.dirname, 'client.ts'), ...args])
      if (code !== 0) throw new Error(output)
      return JSON.parse(output)
    },
    pullOut: () => call('-n', names.device, 'link', 'del', 'lan0'),
    plugIn,
    async remove() {
      await Promise.all(children.map((child) => endProcess(child, 'SIGTERM')))
      for (const name of Object.values(names)) call('netns', 'del', name)
    },
  }
}
