import { readFileSync } from 'node:fs'
import { ConfigError, decodeConfig, validateConfig } from '../../machine-config/index.ts'
import { multiError } from '../../machines/rpc-error.ts'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'

const MODES = ['metal', 'cloud', 'container']

/** `talosctl validate`: `FILE is valid for MODE mode`, or what is wrong. */
export async function run(context: Context): Promise<void> {
  const path = context.flag('config')
  const mode = context.flag('mode')
  const text = readConfig(path)
  if (!MODES.includes(mode)) throw new ToolError(`unknown runtime mode: "${mode}"`)
  const { warnings, errors } = check(text, mode)
  for (const warning of warnings) context.err(`WARNING: ${warning}\n`)
  const all = context.on('strict') ? [...errors, ...warnings] : errors
  if (all.length > 0) throw new ToolError(all[0] === 'config not found' ? 'config not found' : multiError(all))
  context.out(`${path} is valid for ${mode} mode\n`)
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ToolError(goFileError(error, path))
  }
}

function check(text: string, mode: string) {
  try {
    return validateConfig(decodeConfig(text), mode)
  } catch (error) {
    throw error instanceof ConfigError ? new ToolError(error.message) : error
  }
}
