import { CliError, Ended, exitCodes } from './errors.ts'

const OUTPUT_LINES = 20

/** The lines that tell a person about a failure; the first one starts with `ERROR: `. */
export function errorLines(error: CliError): string[] {
  const { details } = error
  const lines = [`ERROR: ${error.message}`]
  if (details.command) lines.push(`  Command: ${asText(details.command)}`)
  if (details.output) lines.push(...outputTail(asText(details.output)))
  if (error.code === 'OPERATION_IN_PROGRESS' && details.operation_id) {
    const id = details.operation_id
    return [...lines, `Follow it: wild-cli operation logs ${id}    Cancel it: wild-cli operation cancel ${id}`]
  }
  // Some messages end with their hint already.
  if (details.hint && !error.message.includes(details.hint)) lines.push(hintLine(details.hint))
  return [...lines, ...error.next]
}

/** Prints a failure on stderr and answers the exit code it stands for. */
export function reportError(error: unknown, write: (text: string) => void): number {
  if (error instanceof Ended) return error.exit
  if (error instanceof CliError) {
    write(`${errorLines(error).join('\n')}\n`)
    return error.exit
  }
  write(`ERROR: wild-cli failed unexpectedly: ${error instanceof Error ? error.message : String(error)}\n`)
  return exitCodes.internal
}

/** A hint that is a command alone becomes a sentence. */
function hintLine(hint: string): string {
  return hint.startsWith('wild-cli ') ? `Try: ${hint}` : hint
}

function outputTail(output: string): string[] {
  const lines = output.trimEnd().split('\n')
  return lines.slice(-OUTPUT_LINES).map((line) => `  | ${line}`)
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
