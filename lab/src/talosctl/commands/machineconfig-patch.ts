import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError, decodeConfig, encodeConfig, patchConfig } from '../../machine-config/index.ts'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'
import { readPatch } from '../patches.ts'

/** `talosctl machineconfig patch FILE -p @PATCH`: the patched config to stdout or a file. */
export async function run(context: Context): Promise<void> {
  const [path] = context.args as [string]
  const patches = context.all('patch').map(readPatch)
  const text = patchText(readConfig(path), patches)
  const output = context.flag('output')
  if (output === '') return context.out(`${text}\n`)
  mkdirSync(dirname(output), { recursive: true })
  writeFileSync(output, text, { mode: 0o644 })
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ToolError(goFileError(error, path))
  }
}

/** A config's text with patches applied one after another. Throws ToolError. */
export function patchText(config: string, patches: string[]): string {
  try {
    return encodeConfig(patches.reduce((current, patch) => patchConfig(current, patch), decodeConfig(config)))
  } catch (error) {
    throw error instanceof ConfigError ? new ToolError(error.message) : error
  }
}
