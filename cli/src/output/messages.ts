import type { Paint } from './style.ts'

export interface TextStream {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
  rows?: number
}

/** Prefixed lines for a person: errors go to stderr, the rest to stdout. */
export interface Messages {
  info(text: string): void
  success(text: string): void
  warning(text: string): void
  error(text: string): void
  /** A line of its own without prefix, such as a log line. */
  plain(text: string): void
}

export interface MessageOptions {
  out: TextStream
  err: TextStream
  paint: Paint
  quiet: boolean
}

/** Messages to the given streams; `quiet` keeps only warnings and errors. */
export function createMessages({ out, err, paint, quiet }: MessageOptions): Messages {
  const say = (text: string) => {
    if (!quiet) out.write(`${text}\n`)
  }
  return {
    info: (text) => say(`${paint('blue', 'INFO:')} ${text}`),
    success: (text) => say(`${paint('green', 'SUCCESS:')} ${text}`),
    warning: (text) => err.write(`${paint('yellow', 'WARNING:')} ${text}\n`),
    error: (text) => err.write(`${paint('red', 'ERROR:')} ${text}\n`),
    plain: say,
  }
}
