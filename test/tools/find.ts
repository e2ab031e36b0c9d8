import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Tool, tools } from './table.ts'

const run = promisify(execFile)
/** Longest a tool may take to say its version, ms. */
const defaultLimitMs = 20_000

/** Where a tool is and what it says of itself. */
export interface Found {
  tool: Tool
  /** Absent: it is not there. */
  path?: string
  version?: string
  /** Why it cannot be used although it is there. */
  trouble?: string
}

/** Folder outside the repository that tools are put into: `$XDG_CACHE_HOME/wild-central/tools/bin`. */
export function cacheFolder(env = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wild-central', 'tools', 'bin')
}

/** Folders that are looked through, in order: PATH, our cache, `$KUBEBUILDER_ASSETS`; sbin, where Debian keeps servers. */
export function searchPath(env = process.env): string[] {
  const folders = (env.PATH ?? '').split(delimiter)
  return [...folders, cacheFolder(env), env.KUBEBUILDER_ASSETS ?? '', '/usr/sbin', '/sbin'].filter(Boolean)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** One tool as it is on this machine: the first that says what it should, else the first of its name with its trouble. */
export async function find(tool: Tool, env = process.env, limitMs = defaultLimitMs): Promise<Found> {
  const paths = searchPath(env).map((folder) => join(folder, tool.name))
  let first: Found | undefined
  for (const path of new Set(paths.filter(isExecutable))) {
    const found = await ask(tool, path, env, limitMs)
    if (!found.trouble) return found
    first ??= found
  }
  return first ?? { tool }
}

async function ask(tool: Tool, path: string, env: NodeJS.ProcessEnv, limitMs: number): Promise<Found> {
  try {
    const { stdout, stderr } = await run(path, tool.version, { timeout: limitMs, env })
    const said = `${stdout}\n${stderr}`.trim()
    if (!tool.says.test(said)) return { tool, path, trouble: `is another program or version: ${said.slice(0, 60)}` }
    return { tool, path, version: /v?\d+\.\d+(\.\d+)?[\w.+-]*/.exec(said)?.[0] }
  } catch (error) {
    const { killed, code } = error as { killed?: boolean; code?: unknown }
    const trouble = killed ? `did not answer within ${limitMs / 1000} s` : `does not run (${code})`
    return { tool, path, trouble }
  }
}

/** Every tool of the table. */
export function findAll(env = process.env): Promise<Found[]> {
  return Promise.all(tools.map((tool) => find(tool, env)))
}
