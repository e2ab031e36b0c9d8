import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { type Context, ToolError } from './command.ts'
import { writeWithMode } from './files.ts'

/** One context of a talosconfig; ca, crt and key are base64 of PEM. */
export interface TalosContext {
  endpoints?: string[]
  nodes?: string[]
  ca?: string
  crt?: string
  key?: string
}

export interface Talosconfig {
  path: string
  context: string
  contexts: Record<string, TalosContext>
}

/** The file a call uses: `--talosconfig`, `$TALOSCONFIG`, else the one in the home folder. */
export function talosconfigPath(context: Context): string {
  return (
    context.flag('talosconfig') || context.env.TALOSCONFIG || join(context.env.HOME ?? homedir(), '.talos', 'config')
  )
}

/** Reads a talosconfig; a missing file is created empty, as the real tool does. Throws ToolError. */
export function readTalosconfig(path: string): Talosconfig {
  if (!existsSync(path)) {
    const empty: Talosconfig = { path, context: '', contexts: {} }
    writeTalosconfig(empty)
    return empty
  }
  const text = readFileSync(path, 'utf8')
  if (text.trim() === '') throw new ToolError('failed to open config file "": EOF')
  const parsed = parseOrThrow(text, path)
  return { path, context: parsed?.context ?? '', contexts: parsed?.contexts ?? {} }
}

function parseOrThrow(text: string, path: string): Partial<Talosconfig> | null {
  try {
    return parse(text) as Partial<Talosconfig> | null
  } catch (error) {
    throw new ToolError(`failed to open config file "${path}": yaml: ${(error as Error).message.split('\n')[0]}`)
  }
}

/** Writes a talosconfig with mode 0600. */
export function writeTalosconfig({ path, context, contexts }: Talosconfig): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWithMode(path, encodeTalosconfig(context, contexts), 0o600)
}

/** The text of a talosconfig. */
export const encodeTalosconfig = (context: string, contexts: Record<string, TalosContext>): string =>
  stringify({ context, contexts }, { indent: 4, lineWidth: 0 })

/** The context a call works with: `--context`, else the current one. Throws ToolError. */
export function contextOf(config: Talosconfig, name: string): TalosContext {
  const wanted = name || config.context
  if (wanted === '') throw new ToolError('no context is set')
  const found = config.contexts[wanted]
  if (!found) throw new ToolError(`context "${wanted}" is not defined`)
  return found
}
