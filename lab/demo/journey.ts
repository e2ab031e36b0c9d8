import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { World } from './world.ts'

/** The plan's CLI journey: from nothing to Ghost on a three-node cluster. */
export const journey: string[][] = [
  ['instance', 'create', 'home'],
  ['config', 'set', 'cluster.name', 'home'],
  ['config', 'set', 'operator.email', 'you@example.com'],
  ['config', 'set', 'cloud.baseDomain', 'example.com'],
  ['config', 'set', 'cloud.domain', 'cloud.example.com'],
  ['config', 'set', 'cloud.internalDomain', 'internal.cloud.example.com'],
  ['node', 'discover'],
  ['node', 'setup', 'control-1', 'control-2', 'control-3'],
  ['cluster', 'bootstrap'],
  ['service', 'install-all'],
  ['app', 'add', 'ghost'],
  ['app', 'deploy', 'ghost'],
]

/** The instance the journey works on. */
export const instance = 'home'

export interface CliRun {
  code: number
  output: string
}

/** Runs `wild-cli` as a person would; with `show`, its output goes straight to the terminal. */
export function wildCli(
  root: string,
  world: Pick<World, 'cliEnvironment'>,
  args: string[],
  show = false,
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'cli/dist/wild-cli.js'), ...args], {
      env: world.cliEnvironment,
      // No standard input: on a terminal `node setup` would ask, and the tour would wait for an answer.
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('error', reject)
    child.once('exit', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** True when the journey's instance is there already: creating it again would be refused. */
async function instanceExists(world: World): Promise<boolean> {
  return (await fetch(`${world.url}/api/v1/instances/${instance}`)).ok
}

/**
 * Walks the journey, telling each command before it runs. Returns the exit code of the first command that fails, else 0.
 * A second walk finds everything done.
 */
export async function walkJourney(root: string, world: World, print: (line: string) => void): Promise<number> {
  for (const args of journey) {
    print(`\n$ wild-cli ${args.join(' ')}`)
    if (args[0] === 'instance' && (await instanceExists(world))) {
      print(`${instance}: already there`)
      continue
    }
    const { code } = await wildCli(root, world, args, true)
    if (code !== 0) return code
  }
  return 0
}
