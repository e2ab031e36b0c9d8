import { readFileSync } from 'node:fs'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'
import { nodesOf } from '../machine-api.ts'
import { readPatch } from '../patches.ts'
import { patchText } from './machineconfig-patch.ts'

/** `talosctl apply-config`: gives machines a config; what they answer goes to stderr. */
export async function run(context: Context): Promise<void> {
  const path = context.flag('file')
  const mode = context.flag('mode')
  if (mode === 'interactive') throw new ToolError('interactive mode needs a terminal')
  if (path === '') throw new ToolError('no filename supplied for configuration')
  const patches = context.all('config-patch').map(readPatch)
  const text = readConfig(path)
  const config = patches.length > 0 ? patchText(text, patches) : text
  for (const node of nodesOf(context, { insecure: context.on('insecure') })) {
    const message = await node
      .call('apply-config', { config, mode, dryRun: context.on('dry-run') })
      .catch((error: unknown) => {
        throw new ToolError(`error applying new configuration: ${(error as Error).message}`)
      })
    if (message !== '') context.err(`${message}\n`)
  }
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ToolError(`failed to read configuration from "${path}": ${goFileError(error, path)}`)
  }
}
