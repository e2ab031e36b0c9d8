import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { asWildError, WildError } from './errors.ts'
import type { Masker } from './masking.ts'
import type { RunTool, ToolCall, ToolResult } from './run-tool.ts'

/** How to get each tool, for the message when it is missing. */
const howToGet: Record<string, string> = {
  talosctl:
    'Download talosctl for your Talos version from the Talos releases page and put it on the PATH of the daemon.',
  kubectl: 'Install kubectl (1.32 or newer) from the Kubernetes downloads page and put it on the PATH of the daemon.',
  gomplate: 'Install gomplate 4 from its releases page and put it on the PATH of the daemon.',
}

/** What a runner tells its listener (the operation's log) about a call. Lines come as the tool prints them. */
export interface ToolListener {
  started?(call: ToolCall): void
  line?(stream: 'stdout' | 'stderr', text: string, call: ToolCall): void
  ended?(call: ToolCall, result: { exitCode?: number; durationMs: number }): void
  /** The process exists: its pid, to end it after a crash of the daemon. */
  spawned?(call: ToolCall, pid: number): void
}

/** Longest piece of one output line that is kept; the rest is cut with a note. */
const longestLine = 16_384
const keptOutput = 64 * 1024 * 1024

/** Where a program is on the PATH, or undefined. */
export function findTool(tool: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, tool)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {}
  }
  return undefined
}

/** The failure for a program that is not there, with how to get it. */
export function toolMissing(tool: string): WildError {
  const hint = howToGet[tool] ?? `Install ${tool} and put it on the PATH of the daemon.`
  return new WildError('TOOL_MISSING', `${tool} is not installed on this device. ${hint}`, { tool, hint })
}

/** Environment of every tool: a short list, not ours as a whole, so that nothing private leaks into children. */
function toolEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const passed = [
    'PATH',
    'HOME',
    'LANG',
    'TMPDIR',
    'WILD_LAB_SOCKET',
    'SSL_CERT_FILE',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'NO_PROXY',
  ]
  const kept = passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]!]]))
  return { ...Object.fromEntries(kept), ...extra }
}

/** Splits chunks into lines, cutting very long ones so that one 10 MB line costs no more than any other. */
function lineSplitter(emit: (line: string) => void) {
  let rest = ''
  let cut = false
  function flush(line: string): void {
    emit(cut ? `${line.slice(0, longestLine)} … (line cut)` : line)
    cut = false
  }
  return {
    push(chunk: string): void {
      const parts = (rest + chunk).split(/\r?\n|\r/)
      rest = parts.pop() ?? ''
      for (const part of parts) flush(part)
      if (rest.length > longestLine * 4) {
        cut = true
        rest = rest.slice(0, longestLine)
      }
    },
    end(): void {
      if (rest) flush(rest)
    },
  }
}

/**
 * A runner on execa: argv only, own process group, secrets by stdin, SIGTERM then SIGKILL after 5 s on abort or timeout.
 * `masker` hides secrets in everything a listener or an error gets; the caller gets the raw output.
 */
export function createToolRunner(options: {
  masker: Masker
  listener?: ToolListener
  signal?: AbortSignal
  defaultTimeoutMs?: number
}): RunTool {
  const { masker, listener } = options
  return async (call) => {
    if (!findTool(call.tool)) throw toolMissing(call.tool)
    const started = Date.now()
    const timeoutMs = call.timeoutMs ?? options.defaultTimeoutMs ?? 60_000
    const signals = [call.signal, options.signal].filter((signal) => signal !== undefined)
    const signal = signals.length ? AbortSignal.any(signals) : undefined
    signal?.throwIfAborted()
    listener?.started?.(call)
    const child = execa(call.tool, call.args, {
      env: toolEnvironment(call.env),
      extendEnv: false,
      input: call.input ?? '',
      reject: false,
      detached: true,
      cleanup: true,
      stripFinalNewline: false,
      maxBuffer: keptOutput,
    })
    const stop = endGroupOn(child.pid, signal, timeoutMs)
    if (child.pid) listener?.spawned?.(call, child.pid)
    for (const stream of ['stdout', 'stderr'] as const) {
      const splitter = lineSplitter((line) => listener?.line?.(stream, masker.text(line), call))
      child[stream].setEncoding('utf8')
      child[stream].on('data', (chunk: string) => splitter.push(chunk))
      child[stream].on('end', () => splitter.end())
    }
    const result = await child
    const reason = stop()
    listener?.ended?.(call, { exitCode: result.exitCode, durationMs: Date.now() - started })
    if (signal?.aborted) throw signal.reason
    if (reason === 'timeout') throw timedOut(call, timeoutMs, masker)
    if (result.exitCode === undefined) throw asWildError(failedToStart(call, result.cause ?? result.originalMessage))
    const answer: ToolResult = { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode }
    if (!(call.okExits ?? [0]).includes(answer.exitCode)) throw toolFailed(call, answer, masker)
    return answer
  }
}

/** Ends the whole process group on abort or timeout; the returned function stops watching and says whether it was the timeout. */
function endGroupOn(pid: number | undefined, signal: AbortSignal | undefined, timeoutMs: number) {
  let reason: 'timeout' | 'abort' | undefined
  let killer: NodeJS.Timeout | undefined
  function end(why: 'timeout' | 'abort'): void {
    if (reason || !pid) return
    reason = why
    signalGroup(pid, 'SIGTERM')
    killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), 5_000)
  }
  const onAbort = () => end('abort')
  const timer = setTimeout(() => end('timeout'), timeoutMs)
  if (signal?.aborted) end('abort')
  else signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    clearTimeout(timer)
    clearTimeout(killer)
    signal?.removeEventListener('abort', onAbort)
    return reason
  }
}

/** Signals a process group; one that is gone already is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {}
}

/** "talosctl bootstrap --nodes 10.0.0.31", masked. */
export function commandLine(call: Pick<ToolCall, 'tool' | 'args'>, masker: Masker): string {
  const quoted = call.args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'"'"'`)}'`))
  return masker.text([call.tool, ...quoted].join(' '))
}

/** "kubectl apply": the tool and its command, without the flags before it. */
function shortName({ tool, args }: ToolCall): string {
  const verb = args.find((arg, index) => !arg.startsWith('-') && args[index - 1] !== '--kubeconfig')
  return verb ? `${tool} ${verb}` : tool
}

function tail(text: string): string {
  const trimmed = text.trim()
  return trimmed.length > 4_000 ? `…${trimmed.slice(-4_000)}` : trimmed
}

function toolFailed(call: ToolCall, result: ToolResult, masker: Masker): WildError {
  const output = masker.text(tail(result.stderr.trim() ? result.stderr : result.stdout))
  const lines = output.split('\n').filter((line) => line.trim())
  const said = lines.find((line) => !/^warning:/i.test(line.trim())) ?? lines[0] ?? 'it said nothing'
  return new WildError('TOOL_FAILED', `${shortName(call)} failed: ${said.trim().slice(0, 500)}`, {
    tool: call.tool,
    command: commandLine(call, masker),
    exit_code: result.exitCode,
    output,
  })
}

function timedOut(call: ToolCall, timeoutMs: number, masker: Masker): WildError {
  const seconds = Math.round(timeoutMs / 1000)
  return new WildError('TIMEOUT', `${shortName(call)} did not answer within ${seconds} s and was ended.`, {
    tool: call.tool,
    command: commandLine(call, masker),
  })
}

function failedToStart(call: ToolCall, cause: unknown): WildError {
  return new WildError(
    'TOOL_FAILED',
    `${call.tool} could not be started or was killed.`,
    { tool: call.tool },
    { cause },
  )
}
