import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { build } from 'esbuild'
import { journey, wildCli } from '../../../lab/demo/journey.ts'
import { fetchGhost } from '../../../lab/demo/proof.ts'
import { finalState } from '../../journey/support/final-state.ts'
import { root, startTestWorld, temporaryFolder } from '../../world.ts'
import { outcome, type Suite } from '../suite.ts'

const settleMs = 120_000

type World = Awaited<ReturnType<typeof startTestWorld>>

/** Cluster state once controllers are at rest: two looks in a row that are the same. */
async function settled(world: World): Promise<Record<string, unknown>> {
  let state = await finalState(world)
  for (const end = Date.now() + settleMs; Date.now() < end; ) {
    await delay(1_000)
    const next = await finalState(world)
    if (JSON.stringify(next) === JSON.stringify(state)) return next
    state = next
  }
  return state
}

/** What comes after the journey: looking, backing up, restoring, restarting and removing, by every command kubectl is asked for. */
const life: string[][] = [
  ['service', 'details', 'traefik'],
  ['service', 'logs', 'traefik'],
  ['dashboard', 'token'],
  ['app', 'logs', 'ghost'],
  ['app', 'events', 'ghost'],
  ['app', 'drift', 'ghost'],
  ['app', 'doctor', 'ghost'],
  ['app', 'backup', 'ghost'],
  ['--yes', 'app', 'restore', 'ghost'],
  ['app', 'update', 'ghost', '--set', 'timezone=Europe/Berlin'],
  ['--yes', 'node', 'reboot', 'control-3'],
  ['--yes', 'node', 'remove', 'control-3'],
  ['cluster', 'health'],
  ['--yes', 'service', 'delete', 'headlamp'],
]

/** Walks the journey twice; what did not go as it should is told by `same`. */
async function walk(world: World, same: ReturnType<typeof outcome>['same']): Promise<void> {
  for (const turn of ['', ', again'])
    for (const args of journey) {
      const { code, output } = await wildCli(root, world, args)
      const expected = turn && args[0] === 'instance' ? 4 : 0
      same(`wild-cli ${args.join(' ')}${turn}`, expected, code)
      if (code !== expected) throw new Error(output.trim().split('\n').slice(-5).join('\n'))
      if (turn && ['bootstrap', 'install-all', 'deploy'].includes(args[1]!))
        same(`wild-cli ${args.join(' ')}${turn}, did nothing`, true, output.includes('(already done)'))
    }
  same('the app answers', 'ghost.cloud.example.com', (await fetchGhost(world)).host)
  for (const args of life) {
    const { code, output } = await wildCli(root, world, args)
    same(`wild-cli ${args.join(' ')}`, 'ended with 0', code === 0 ? 'ended with 0' : output.trim())
  }
}

/** The journey once, with a program in place of the stand-in talosctl that talks to the machines over gRPC. */
async function walkWith(talosctl: string, result: ReturnType<typeof outcome>): Promise<void> {
  const world = await startTestWorld({ programs: { talosctl } })
  try {
    for (const args of journey) {
      const { code, output } = await wildCli(root, world, args)
      result.same(`wild-cli ${args.join(' ')}`, 0, code)
      if (code !== 0) throw new Error(output.trim().split('\n').slice(-5).join('\n'))
    }
    result.same('the app answers', 'ghost.cloud.example.com', (await fetchGhost(world)).host)
  } finally {
    await world.remove()
  }
}

/** The stand-in's command line as a program that reaches machines over gRPC, by a client written apart from the lab. */
async function wireTalosctl(folder: string): Promise<string> {
  const program = join(folder, 'talosctl.mjs')
  await build({
    entryPoints: [join(root, 'lab/wire/talosctl.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "#!/usr/bin/env node\nimport{createRequire as wildRequire}from'node:module';const require=wildRequire(import.meta.url);",
    },
    outfile: program,
    logLevel: 'error',
  })
  chmodSync(program, 0o755)
  return program
}

/** Machines are set up and a cluster is made of them over the wire: the server side holds where no talosctl is. */
export const wireSuite: Suite = {
  title: 'the journey, machines over gRPC by a client of our own',
  needs: [],
  async run() {
    const result = outcome()
    const folder = temporaryFolder('wire')
    try {
      await walkWith(await wireTalosctl(folder.path), result)
    } finally {
      folder.remove()
    }
    return result
  },
}

/** The same by the real client. */
export const talosctlWireSuite: Suite = {
  title: 'the journey, machines over gRPC by talosctl',
  needs: ['talosctl'],
  async run(tools) {
    const result = outcome()
    await walkWith(tools.get('talosctl')!, result)
    return result
  },
}

/** The whole journey with the real kubectl leaves the same behind as with the stand-in. */
export const journeySuite: Suite = {
  title: 'the journey against the lab, kubectl real and stand-in',
  needs: ['kubectl'],
  async run(found) {
    const result = outcome()
    const states: Record<string, unknown>[] = []
    for (const tools of ['real', 'stand-in'] as const) {
      const world = await startTestWorld({ programs: tools === 'real' ? { kubectl: found.get('kubectl') } : {} })
      try {
        await walk(world, (what, ...both) => result.same(`${tools}: ${what}`, ...both))
        states.push(await settled(world))
      } finally {
        await world.remove()
      }
    }
    const [real, standIn] = states as [Record<string, unknown>, Record<string, unknown>]
    for (const part of Object.keys(real)) {
      const [one, other] = [standIn[part], real[part]] as [Record<string, unknown>, Record<string, unknown>]
      if (Array.isArray(one) || typeof one !== 'object') result.same(`state ${part}`, one, other)
      else
        for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
          result.same(`state ${part} ${key}`, one[key], other[key])
    }
    return result
  },
}
