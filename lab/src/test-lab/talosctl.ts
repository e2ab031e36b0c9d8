import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { execa, type ResultPromise } from 'execa'

const BANNER = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

export interface ToolResult {
  exit: number
  out: string
  err: string
}

/** The stand-in talosctl, bundled as it is shipped, with a working folder of its own. */
export interface Stand {
  folder: string
  file(name: string): string
  read(name: string): string
  write(name: string, text: string): string
  run(args: string[], env?: NodeJS.ProcessEnv): Promise<ToolResult>
  start(args: string[], env?: NodeJS.ProcessEnv): ResultPromise
  remove(): void
}

const STAND_IN = join(import.meta.dirname, '..', 'talosctl', 'main.ts')

/** Bundles the stand-in, or another program with its command line, into a temporary folder. */
export function bundleTalosctl(entry = STAND_IN): Stand {
  const folder = mkdtempSync(join(tmpdir(), 'wild-talosctl-'))
  const program = join(folder, 'talosctl.mjs')
  buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: BANNER },
    outfile: program,
    logLevel: 'error',
  })
  const file = (name: string): string => join(folder, name)
  const start = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    execa(process.execPath, [program, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
    })
  return {
    folder,
    file,
    read: (name) => readFileSync(file(name), 'utf8'),
    write: (name, text) => {
      writeFileSync(file(name), text)
      return file(name)
    },
    start: start as unknown as Stand['start'],
    run: async (args, env) => {
      const result = await start(args, env)
      return { exit: result.exitCode ?? -1, out: String(result.stdout), err: String(result.stderr) }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
