import { type Flag, flagTable, type Parsed, UsageError } from './flags.ts'
import type { Transport } from './transport.ts'

/** What a command gets to work with. */
export interface Context {
  args: string[]
  env: NodeJS.ProcessEnv
  transport: Transport
  flag(name: string): string
  given(name: string): boolean
  on(name: string): boolean
  all(name: string): string[]
  out(text: string): void
  err(text: string): void
}

/** One command of the tool. */
export interface Command {
  /** Words after `talosctl`, with their aliases. */
  path: string[]
  aliases?: string[][]
  /** Arguments as shown in the usage line. */
  synopsis?: string
  /** Least and most positional arguments. */
  count: [number, number]
  flags: Flag[]
  required?: string[]
  /** Whether this call changes a machine, a cluster or a file. */
  mutating?: (parsed: Parsed) => boolean
  load: () => Promise<{ run: (context: Context) => Promise<void> }>
}

/** A refusal that ends the tool with exit code 1; the message is printed as it is. */
export class ToolError extends Error {}

export const helpFlag = (command: Command): Flag => ({
  name: 'help',
  short: 'h',
  type: 'bool',
  usage: `help for ${command.path.at(-1)}`,
})

/** Checks the number of arguments and required flags. Throws UsageError with Cobra's words. */
export function checkCounts({ path, count: [least, most], required = [] }: Command, { args, values }: Parsed): void {
  const received = args.length
  if (most === 0 && received > 0) throw new UsageError(`unknown command "${args[0]}" for "talosctl ${path.join(' ')}"`)
  if (received < least || received > most) {
    if (least === most) throw new UsageError(`accepts ${least} arg(s), received ${received}`)
    if (most === Number.POSITIVE_INFINITY)
      throw new UsageError(`requires at least ${least} arg(s), only received ${received}`)
    if (least === 0) throw new UsageError(`accepts at most ${most} arg(s), received ${received}`)
    throw new UsageError(`accepts between ${least} and ${most} arg(s), received ${received}`)
  }
  const missing = required.filter((name) => !values.has(name))
  if (missing.length > 0)
    throw new UsageError(`required flag(s) ${missing.map((name) => `"${name}"`).join(', ')} not set`)
}

/** The usage text of a command. */
export function usageOf(command: Command): string {
  const line = ['talosctl', ...command.path, ...(command.synopsis ? [command.synopsis] : []), '[flags]'].join(' ')
  return `Usage:\n  ${line}\n\nFlags:\n${flagTable([...command.flags, helpFlag(command)])}`
}

/** The context of one call: flags with their defaults, and where to print. */
export function createContext(command: Command, parsed: Parsed, env: NodeJS.ProcessEnv, transport: Transport): Context {
  const read = (name: string) => parsed.values.get(name) ?? command.flags.find((flag) => flag.name === name)?.default
  return {
    args: parsed.args,
    env,
    transport,
    flag: (name) => String(read(name) ?? ''),
    given: (name) => parsed.values.has(name),
    on: (name) => read(name) === true,
    all: (name) => {
      const value = read(name)
      return Array.isArray(value) ? value : []
    },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  }
}
