import { existsSync } from 'node:fs'
import { stringify } from 'yaml'
import { type Context, ToolError } from '../command.ts'
import { goFileError, writeWithMode } from '../files.ts'
import { generateSecrets } from '../gen/secrets-bundle.ts'

/** `talosctl gen secrets`: writes the secrets of a new cluster, mode 0600, silently. */
export async function run(context: Context): Promise<void> {
  const path = context.flag('output-file')
  if (existsSync(path) && !context.on('force'))
    throw new ToolError(`file "${path}" already exists, use --force to overwrite`)
  const text = stringify(await generateSecrets(), { indent: 4, lineWidth: 0 })
  try {
    writeWithMode(path, text, 0o600)
  } catch (error) {
    throw new ToolError(goFileError(error, path))
  }
}
