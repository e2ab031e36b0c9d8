import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, startLab } from '../lab.ts'
import type { Machine } from '../machines/life.ts'
import { LabError, type LabSettings, readSettings } from '../settings.ts'

const LAB_FOLDER = join(import.meta.dirname, '..', '..')
const FIRST_NET = 78
const NETS = 50
const ATTEMPTS = 40

/** A lab in this process on a /24 of its own, for tests. */
export interface TestLab {
  lab: Lab
  settings: LabSettings
  env: NodeJS.ProcessEnv
  data: string
  /** An address of the LAN by its last number. */
  at(host: number): string
  /** Resolves when the condition holds for machine `number`; told by the lab's own changes. */
  until(number: number, condition: (machine: Machine) => boolean): Promise<Machine>
  /** Resolves when every ordered fault with a count has struck. */
  untilFaultsAreUsed(): Promise<void>
  /** One request to the lab's socket. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Stops the lab and starts it again from what is stored. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** The environment of a lab process on a random /24 of 127.78–127.127 with a fresh data folder. */
export function labEnvironment(speed: number): NodeJS.ProcessEnv {
  const [second, third] = [FIRST_NET + Math.floor(Math.random() * NETS), Math.floor(Math.random() * 256)]
  const data = mkdtempSync(join(tmpdir(), 'wild-lab-'))
  return {
    PATH: process.env.PATH,
    HOME: data,
    WILD_CENTRAL_DATA: data,
    WILD_LAB_NET: `127.${second}.${third}.0/24`,
    WILD_LAB_SPEED: String(speed),
    WILD_LAB_SOCKET: join(data, 'lab', 'lab.sock'),
  }
}

/** Starts the machine half of a lab. Another /24 is taken when one is in use. */
export async function startTestLab(speed = 300, given?: NodeJS.ProcessEnv): Promise<TestLab> {
  for (let attempt = 1; ; attempt += 1) {
    const env = given ?? labEnvironment(speed)
    const settings = readSettings(env, LAB_FOLDER)
    try {
      return testLab(await startLab(settings), settings, env)
    } catch (error) {
      if (given || attempt === ATTEMPTS || !(error instanceof LabError)) throw error
      rmSync(env.WILD_CENTRAL_DATA!, { recursive: true, force: true })
    }
  }
}

function testLab(first: Lab, settings: LabSettings, env: NodeJS.ProcessEnv): TestLab {
  const test: TestLab = {
    lab: first,
    settings,
    env,
    data: env.WILD_CENTRAL_DATA!,
    at: (host) => `${settings.prefix}.${host}`,
    until: (number, condition) => until(test.lab, number, condition),
    untilFaultsAreUsed: () => untilFaultsAreUsed(test.lab),
    ask: (method, path, body) => ask(settings.socket, method, path, body),
    restart: async () => {
      await test.lab.close()
      test.lab = await startLab(settings)
    },
    close: async () => {
      await test.lab.close()
      rmSync(env.WILD_CENTRAL_DATA!, { recursive: true, force: true })
    },
  }
  return test
}

function until({ lan }: Lab, number: number, condition: (machine: Machine) => boolean): Promise<Machine> {
  const current = (): Machine => lan.machines().find((machine) => machine.record.number === number)!
  return new Promise((resolve) => {
    let cancel = (): void => {}
    const look = (): void => {
      const machine = current()
      if (!condition(machine)) return
      cancel()
      resolve(machine)
    }
    cancel = lan.onChange(look)
    look()
  })
}

function untilFaultsAreUsed({ lan }: Lab): Promise<void> {
  return new Promise((resolve) => {
    const cancel = lan.onChange(() => {
      if (lan.faults.list().length > 0) return
      cancel()
      resolve()
    })
  })
}

/** One HTTP request over a lab's Unix socket. */
export function ask(
  socketPath: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, method, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }))
    })
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
