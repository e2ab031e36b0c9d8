import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import type { Machine } from '../src/machines/life.ts'
import { generateCluster } from '../src/test-lab/cluster.ts'
import { startTestLab, type TestLab } from '../src/test-lab/start.ts'
import { bundleTalosctl, type Stand, type ToolResult } from '../src/test-lab/talosctl.ts'
import { call, type Dialled, type GrpcError } from './grpc.ts'
import { rpcs } from './messages.ts'

const ANSWER_LIMIT = 60_000

/** A lab, and two programs with one command line: over the lab's socket, and over the wire. */
export interface WireLab {
  lab: TestLab
  stand: Stand
  wire: Stand
  onWire(args: string[]): Promise<ToolResult>
  insecure(host: number): string[]
  /** Waits until a machine holds a condition and answers at an address again. */
  back(number: number, host: number, condition?: (machine: Machine) => boolean): Promise<void>
  /** A direct call to a configured machine with the administrator's certificate of a cluster. */
  as(host: number, cluster?: string): Dialled
  close(): Promise<void>
}

/** Starts a lab with secrets and base configs of two clusters, `home` and `other`. */
export async function startWireLab(): Promise<WireLab> {
  const lab = await startTestLab()
  const stand = bundleTalosctl()
  const wire = bundleTalosctl(join(import.meta.dirname, 'talosctl.ts'))
  await generateCluster(stand, lab)
  await generateCluster(stand, lab, 'other')
  // The files of both clusters lie in the folder of the first program.
  const there = (arg: string): string => (/^(home|other)\//.test(arg) ? stand.file(arg) : arg)
  return {
    lab,
    stand,
    wire,
    onWire: (args) => wire.run(args.map(there), lab.env),
    insecure: (host) => ['--nodes', lab.at(host), '--insecure'],
    back: async (number, host, condition = ({ up }) => up) => {
      await lab.until(number, condition)
      for (const end = Date.now() + ANSWER_LIMIT; Date.now() < end; await delay(20)) {
        const said = await failure(call({ endpoint: lab.at(host) }, rpcs.version, {}))
        if (!said.includes('Error while dialing')) return
      }
      throw new Error(`nobody answers at ${lab.at(host)}`)
    },
    as: (host, cluster = 'home') => {
      const { context, contexts } = parse(readFileSync(stand.file(`${cluster}/talosconfig`), 'utf8'))
      const text = (part: string): string => Buffer.from(contexts[context][part], 'base64').toString()
      return {
        endpoint: lab.at(host),
        ca: text('ca'),
        crt: text('crt'),
        key: text('key').replaceAll('ED25519 PRIVATE KEY', 'PRIVATE KEY'),
      }
    },
    close: async () => {
      stand.remove()
      wire.remove()
      await lab.close()
    },
  }
}

/** The words of a failure. */
export const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: GrpcError) => error.message,
  )
