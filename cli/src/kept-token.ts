import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileReason, usageError } from './errors.ts'

function place(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'wild-central', 'tokens.json')
}

function tokens(env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return JSON.parse(readFileSync(place(env), 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

/** The token kept for a daemon by `wild-cli login`; undefined when there is none. */
export function keptToken(daemon: string, env = process.env): string | undefined {
  const token = tokens(env)[daemon]
  return typeof token === 'string' ? token : undefined
}

/** Keeps a token for a daemon, or forgets it, in a file of mode 0600. Throws a usage error when it cannot be written. */
export function keepToken(daemon: string, token: string | undefined, env = process.env): void {
  const file = place(env)
  const { [daemon]: _old, ...others } = tokens(env)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const draft = `${file}.${process.pid}.tmp`
    writeFileSync(draft, JSON.stringify(token ? { ...others, [daemon]: token } : others, null, 2), { mode: 0o600 })
    chmodSync(draft, 0o600)
    renameSync(draft, file)
  } catch (error) {
    throw usageError(`Cannot write ${file}: ${fileReason(error)}.`)
  }
}
