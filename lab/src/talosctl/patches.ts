import { readFileSync } from 'node:fs'
import { ToolError } from './command.ts'
import { goFileError } from './files.ts'

/** The text of a `--patch` argument: inline, or the file after `@`. Throws ToolError. */
export function readPatch(argument: string): string {
  if (!argument.startsWith('@')) return argument
  try {
    return readFileSync(argument.slice(1), 'utf8')
  } catch (error) {
    throw new ToolError(goFileError(error, argument.slice(1)))
  }
}
