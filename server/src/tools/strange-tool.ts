import { saidBy, WildError } from '../platform/errors.ts'
import type { RunTool } from '../platform/run-tool.ts'

/** Programs whose command line changes with their version: how they are asked for it, and the oldest that fits. */
const known = {
  talosctl: { ask: ['version', '--client', '--short'], least: [1, 11] },
  kubectl: { ask: ['version', '--client'], least: [1, 32] },
} as const
export type KnownTool = keyof typeof known

const askTimeoutMs = 10_000
/** Words of a program that is another one, or of another time, than the one we know. */
const strange = /unknown (shorthand )?flag|unknown command|could not be started|Exec format error|syntax error/i

/** "v1.32" from the numbers of a version. */
const shown = (numbers: readonly number[]): string => `v${numbers.join('.')}`

/** What a program says of itself, judged: a sentence, and the version when there is one. */
async function introduce(run: RunTool, tool: KnownTool): Promise<{ sentence: string; version?: string }> {
  const { ask, least } = known[tool]
  const said = await run({ tool, args: [...ask], captureOnly: true, timeoutMs: askTimeoutMs }).then(
    ({ stdout }) => stdout,
    () => '',
  )
  const [version, major, minor] = /\bv(\d+)\.(\d+)\.\d+[-\w.+]*/.exec(said) ?? []
  if (version === undefined)
    return {
      sentence: `It does not tell its version: the program of that name may be another one. ${shown(least)} or newer is needed.`,
    }
  const isOld = Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1])
  const sentence = isOld
    ? `It is ${tool} ${version}, which is too old: ${shown(least)} or newer is needed.`
    : `It is ${tool} ${version}.`
  return { sentence, version }
}

/** A failure with the version of the program added, for whoever has to find out why it does not behave. */
export async function withVersion(run: RunTool, tool: KnownTool, error: WildError): Promise<WildError> {
  const { sentence, version } = await introduce(run, tool)
  const details = { ...error.details, ...(version ? { version } : {}) }
  return new WildError(error.code, `${error.message.replace(/\.$/, '')}. ${sentence}`, details, { cause: error })
}

/** A runner that tells name and version of a program which does not know what every fitting one knows. */
export function namingStrangers(run: RunTool, tool: KnownTool): RunTool {
  return async (call) => {
    try {
      return await run(call)
    } catch (error) {
      if (!(error instanceof WildError) || error.code !== 'TOOL_FAILED') throw error
      throw strange.test(saidBy(error)) ? await withVersion(run, tool, error) : error
    }
  }
}

/** Reads an output; when it is nothing we know, the failure names the program and its version. */
export async function readOutput<T>(run: RunTool, tool: KnownTool, read: () => T): Promise<T> {
  try {
    return read()
  } catch (error) {
    throw error instanceof WildError && error.code === 'TOOL_FAILED' ? await withVersion(run, tool, error) : error
  }
}
