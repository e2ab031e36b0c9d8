import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { bundled } from '../../../catalog/tools/lint.ts'
import { fillMarkers, withoutHostnameDocument } from '../../../server/src/domains/nodes/node-patch.ts'
import { parseYamlContext, render } from '../../../server/src/templates/index.ts'
import { shapeOf } from './shape.ts'
import type { Step } from './steps.ts'

/** What a step left behind. */
export interface Told {
  what: string
  exit: number
  said: string
  /** Shapes of YAML output and files, and the modes of the files. */
  shapes: Record<string, unknown>
  /** Where it is not what the facts say. */
  wrong: string[]
}

const CONFIG = `cluster: {name: home, nodes: {control: {vip: 10.0.0.30}, active: {node-1: {interface: enp1s0, disk: /dev/sda, targetIp: 10.0.0.31}}}}
cloud: {router: {ip: 10.0.0.1}, dns: {ip: 10.0.0.2}, domain: cloud.example.com, internalDomain: internal.cloud.example.com}
`

const shapesIn = (text: string): unknown => parseAllDocuments(text).map((document) => shapeOf(document.toJS()))

/** Writes the patches that the product makes from its own templates for a node of each role. */
export function writePatches(folder: string): void {
  for (const role of ['controlplane', 'worker']) {
    const file = join(bundled.catalog, 'setup/cluster-nodes/patch.templates', `${role}.yaml`)
    const markers = {
      NODE_NAME: 'node-1',
      NODE_IP: '10.0.0.31',
      SCHEMATIC_ID: '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245',
      VERSION: 'v1.11.5',
      PREFIX_LENGTH: '24',
    }
    const patch = render(fillMarkers(readFileSync(file, 'utf8'), markers, file), parseYamlContext(CONFIG), {
      name: file,
    })
    writeFileSync(join(folder, `${role}.patch.yaml`), patch)
    writeFileSync(join(folder, `${role}.newer-patch.yaml`), withoutHostnameDocument(patch, 'kind: HostnameConfig'))
  }
}

function execute(
  program: string[],
  args: string[],
  folder: string,
): Promise<{ exit: number; out: string; err: string }> {
  const [file, ...first] = program
  const env = { PATH: process.env.PATH, HOME: folder }
  return new Promise((resolve) => {
    execFile(file!, [...first, ...args], { cwd: folder, env, timeout: 120_000 }, (error, out, err) => {
      resolve({ exit: error ? (typeof error.code === 'number' ? error.code : -1) : 0, out, err })
    })
  })
}

/** Walks steps with a program in a folder; each tells what it did and where that is not what the facts say. */
export async function walkSteps(program: string[], folder: string, steps: Step[]): Promise<Told[]> {
  const told: Told[] = []
  for (const step of steps) {
    const { exit, out, err } = await execute(program, step.args, folder)
    const said = `${out}${err}`
    const shapes: Record<string, unknown> = step.yaml ? { output: shapesIn(out) } : {}
    const wrong: string[] = []
    if (exit !== step.exit) wrong.push(`ends with ${exit} instead of ${step.exit}: ${said.slice(0, 300)}`)
    if (step.says && !step.says.test(out) && !step.says.test(err))
      wrong.push(`says ${JSON.stringify(said.slice(0, 300))}, not ${step.says}`)
    for (const [name, mode] of Object.entries(step.files ?? {})) {
      const path = join(folder, name)
      if (!existsSync(path)) {
        wrong.push(`leaves no ${name}`)
        continue
      }
      const found = statSync(path).mode & 0o777
      if (found !== mode) wrong.push(`${name} has mode ${found.toString(8)} instead of ${mode.toString(8)}`)
      shapes[name] = shapesIn(readFileSync(path, 'utf8'))
    }
    told.push({ what: `talosctl ${step.args.join(' ')}`, exit, said, shapes, wrong })
  }
  return told
}

/** What `--help` of a command prints. */
export const helpOf = async (program: string[], path: string[], folder: string): Promise<string> =>
  (await execute(program, [...path, '--help'], folder)).out
