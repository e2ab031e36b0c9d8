import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ToolCall } from './run-tool.ts'

/** Streams of one call on their way through a program. */
export interface ToolStreams {
  /** Resolves when both have come to their end, well or not. */
  ended: Promise<unknown>
  /** What went wrong with a stream, which is the outcome of the call; undefined while nothing did. */
  failure(): unknown
  /** Tells whoever reads the output that it is whole, or with an error that it is not. */
  finish(error?: unknown): void
}

/** Connects the streams of a call to a program. `end` is called when one of them fails for a reason of its own. */
export function connectStreams(
  child: { stdin: Writable | null; stdout: Readable | null },
  { from, into }: Pick<ToolCall, 'from' | 'into'>,
  end: () => void,
): ToolStreams {
  let failed: { error: unknown } | undefined
  function fail(error: unknown): void {
    if (failed) return
    failed = { error }
    end()
  }
  const going: Promise<unknown>[] = []
  if (from && child.stdin) {
    from.once('error', fail)
    // A program that ends before it has read everything says itself why.
    going.push(pipeline(from, child.stdin).catch(() => undefined))
  }
  if (into && child.stdout) going.push(pipeline(child.stdout, into, { end: false }).catch(fail))
  return {
    ended: Promise.all(going),
    failure: () => failed?.error,
    finish(error) {
      if (error === undefined) into?.end()
      else into?.destroy(error instanceof Error ? error : new Error(String(error)))
    },
  }
}
