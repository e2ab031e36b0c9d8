import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunningCli {
  process: ChildProcess
  /** Resolves when the text printed so far, stdout and stderr together, contains `text`. */
  printed(text: string): Promise<void>
  done: Promise<Outcome>
}

export interface TestCli {
  /** The bundle, for node to run. */
  file: string
  /** Runs the real process to its end. */
  run(args: string[], options?: RunOptions): Promise<Outcome>
  start(args: string[], options?: RunOptions): RunningCli
  remove(): void
}

interface RunOptions {
  env?: Record<string, string>
  stdin?: string
}

/** Bundles the CLI as it is shipped, one CommonJS file, and runs it against `daemonUrl`. */
export async function buildTestCli(daemonUrl: string): Promise<TestCli> {
  const folder = mkdtempSync(join(tmpdir(), 'wild-cli-'))
  const outfile = join(folder, 'wild-cli.cjs')
  const entry = fileURLToPath(new URL('../main.ts', import.meta.url))
  await build({ entryPoints: [entry], bundle: true, platform: 'node', target: 'node20', format: 'cjs', outfile })

  const start = (args: string[], { env = {}, stdin = '' }: RunOptions = {}): RunningCli => {
    const child = spawn(process.execPath, [outfile, ...args], {
      env: { PATH: process.env.PATH, HOME: folder, WILD_DAEMON_URL: daemonUrl, ...env },
    })
    child.stdin.end(stdin)
    return watch(child)
  }
  return {
    file: outfile,
    start,
    run: (args, options) => start(args, options).done,
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function watch(child: ChildProcess): RunningCli {
  let stdout = ''
  let stderr = ''
  let news = () => {}
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    stdout += text
    news()
  })
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text
    news()
  })
  const done = new Promise<Outcome>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      news = () => (stdout + stderr).includes(text) && resolve()
      news()
      void done.then(() => reject(new Error(`ended without printing ${text}: ${stdout}${stderr}`)))
    })
  return { process: child, printed, done }
}
