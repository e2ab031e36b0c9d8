import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WildError } from '../platform/errors.ts'
import type { RunTool } from '../platform/run-tool.ts'

const timeoutMs = 20_000

/** Where gomplate stopped, in its own words. */
export interface GomplateFailure {
  /** 1-based; 1 where it did not say. */
  line: number
  reason: string
}

/**
 * Renders a text with gomplate: the template on standard input, the data as a 0600 file in a 0700 folder of its own that
 * is removed afterwards, no configuration and no environment of the daemon's. Answers the text, or where it failed.
 * Throws TOOL_MISSING, TIMEOUT, or TOOL_FAILED for a failure that is not about the template.
 */
export async function renderWithGomplate(
  run: RunTool,
  input: { template: string; config: string },
): Promise<{ text: string } | { failure: GomplateFailure }> {
  const folder = await mkdtemp(join(tmpdir(), 'wild-gomplate-'))
  try {
    const config = join(folder, 'config.yaml')
    const settings = join(folder, 'gomplate.yaml')
    await writeFile(config, input.config, { mode: 0o600 })
    // Without this gomplate would look for settings in whatever folder the daemon was started in.
    await writeFile(settings, '{}\n', { mode: 0o600 })
    const { stdout } = await run({
      tool: 'gomplate',
      args: ['--config', settings, '--context', `.=${config}`, '--file', '-'],
      input: input.template,
      env: { HOME: folder, TMPDIR: folder },
      timeoutMs,
      captureOnly: true,
    })
    return { text: stdout }
  } catch (error) {
    const failure = error instanceof WildError && error.code === 'TOOL_FAILED' ? readFailure(error) : undefined
    if (!failure) throw error
    return { failure }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `{"level":"ERROR","err":"renderTemplate: … template: -:3:5: …"}`, or the same words on a terminal. */
function readFailure(error: WildError): GomplateFailure | undefined {
  const output = String(error.details.output ?? '')
  const said = output.split('\n').flatMap((line) => {
    try {
      const { err } = JSON.parse(line) as { err?: unknown }
      return typeof err === 'string' ? [err] : []
    } catch {
      return []
    }
  })
  const [, line, reason] = /template: -:(\d+)(?::\d+)?: ([\s\S]*)$/.exec(said[0] ?? output) ?? []
  return line && reason ? { line: Number(line), reason: reason.trim() } : undefined
}
