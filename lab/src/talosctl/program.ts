import { type Command, checkCounts, createContext, helpFlag, ToolError, usageOf } from './command.ts'
import { noteCall } from './command-log.ts'
import { parseFlags, UsageError } from './flags.ts'
import { commands, removed } from './table.ts'
import type { Transport } from './transport.ts'

/** Words that bring the usage text along when they occur in an error. */
const USAGE_WORDS = ['arg(s)', 'flag', 'command']

interface Found {
  command: Command
  rest: string[]
}

/** The command the words name, wherever flags stand between them, and the remaining words. */
function findCommand(argv: string[]): Found | undefined {
  const words = argv.flatMap((word, index) => (isPlainWord(argv, index) ? [{ word, index }] : []))
  const named = commands.flatMap((command) =>
    [command.path, ...(command.aliases ?? [])].map((path) => ({ command, path })),
  )
  const match = named.find(({ path }) => path.every((part, index) => words[index]?.word === part))
  if (!match) return undefined
  const used = new Set(words.slice(0, match.path.length).map(({ index }) => index))
  return { command: match.command, rest: argv.filter((_, index) => !used.has(index)) }
}

/** Flags that may stand before the command and take a value. */
const EARLY_VALUES = new Set([
  '-n',
  '--nodes',
  '-e',
  '--endpoints',
  '--talosconfig',
  '--context',
  '--cluster',
  '--siderov1-keys-dir',
])

const isPlainWord = (argv: string[], index: number): boolean =>
  !argv[index]!.startsWith('-') && !(index > 0 && EARLY_VALUES.has(argv[index - 1]!))

async function execute(argv: string[], transport: Transport): Promise<{ exit: number; mutating: boolean }> {
  const found = findCommand(argv)
  if (!found) return { exit: reportUnknown(argv), mutating: false }
  const { command, rest } = found
  let mutating = command.mutating !== undefined
  try {
    const parsed = parseFlags(rest, [...command.flags, helpFlag(command)])
    if (parsed.values.get('help') === true) {
      process.stdout.write(usageOf(command))
      return { exit: 0, mutating: false }
    }
    checkCounts(command, parsed)
    mutating = command.mutating?.(parsed) ?? false
    noteSignal(argv, mutating)
    const { run } = await command.load()
    await run(createContext(command, parsed, process.env, transport))
    return { exit: 0, mutating }
  } catch (error) {
    return { exit: report(error, command), mutating }
  }
}

function report(error: unknown, command: Command): number {
  if (!(error instanceof ToolError || error instanceof UsageError)) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  process.stderr.write(`${error.message}\n`)
  if (USAGE_WORDS.some((word) => error.message.includes(word))) process.stderr.write(`\n${usageOf(command)}\n`)
  return 1
}

function reportUnknown(argv: string[]): number {
  const name = argv.find((word) => !word.startsWith('-'))
  if (name === undefined || argv.includes('--help') || argv.includes('-h')) {
    const names = [...new Set(commands.map(({ path }) => path[0]!))].sort()
    process.stdout.write(
      `A CLI for out-of-band management of Kubernetes nodes created by Talos\n\nUsage:\n  talosctl [command]\n\nAvailable Commands:\n${names.map((one) => `  ${one}\n`).join('')}`,
    )
    return 0
  }
  const instead = removed[name]
  if (instead) process.stderr.write(`\`talosctl ${name}\` is deprecated, please use \`${instead}\` instead\n`)
  else process.stderr.write(`unknown command "${name}" for "talosctl"\n\nUsage:\n  talosctl [command]\n\n`)
  return 1
}

/** A call that is killed while it waits is noted too. */
function noteSignal(argv: string[], mutating: boolean): void {
  for (const [signal, exit] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.once(signal, () => {
      noteCall(process.env, { tool: 'talosctl', argv, mutating, exit })
      process.exit(exit)
    })
  }
}

/** Runs the command line of this process over a transport to the machines; sets its exit code. */
export async function runProgram(transport: Transport): Promise<void> {
  const argv = process.argv.slice(2)
  const { exit, mutating } = await execute(argv, transport)
  noteCall(process.env, { tool: 'talosctl', argv, mutating, exit })
  process.exitCode = exit
}
