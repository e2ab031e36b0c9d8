import type { Readable, Writable } from 'node:stream'

/** One call of an external program. */
export interface ToolCall {
  /** Name looked up on PATH: kubectl, talosctl, gomplate… */
  tool: string
  /** Arguments as the program gets them; never a shell line, never a secret. */
  args: string[]
  /** Added to the small environment every tool gets (PATH, HOME, LANG). */
  env?: Record<string, string>
  /** Standard input; may hold secrets. Empty by default, so no tool ever waits for a person. */
  input?: string
  /** Standard input of any length instead of `input`; when it fails the program is ended and that failure is the outcome. */
  from?: Readable
  /** Takes standard output as it comes, of any length; ended when the program ends well, else destroyed with the failure. */
  into?: Writable
  /** After this many milliseconds the process group is ended and the call fails with TIMEOUT. Default 60 000. */
  timeoutMs?: number
  /** Ends the process group at once. Inside an operation the operation's own signal is always added. */
  signal?: AbortSignal
  /** Exit codes that are an answer, not a failure. Default [0]. */
  okExits?: number[]
  /** Output is data for us (JSON, keys): keep it out of the operation's log. The command itself is still logged. */
  captureOnly?: boolean
  /** It runs for long and prints without end: only a listener gets its lines, nothing is kept. */
  streamed?: boolean
  /** A read repeated while waiting: logged once per step, not every time. */
  repeated?: boolean
}

export interface ToolResult {
  stdout: string
  stderr: string
  exitCode: number
}

/**
 * The one way out to other programs. Throws TOOL_MISSING (with how to get it), TIMEOUT, or TOOL_FAILED with
 * `details: {command, exit_code, output}`, all masked.
 */
export type RunTool = (call: ToolCall) => Promise<ToolResult>
