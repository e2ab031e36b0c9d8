import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { execa, type Result, type ResultPromise } from 'execa'
import { WildError } from './errors.ts'
import { hear } from './line-splitter.ts'
import type { Masker } from './masking.ts'
import type { RunTool, ToolCall, ToolResult } from './run-tool.ts'
import { connectStreams } from './tool-streams.ts'

/** How to get each tool, for the message when it is missing. */
const howToGet: Record<string, string> = {
  talosctl:
    'Download talosctl for your Talos version from the Talos releases page and put it on the PATH of the daemon.',
  kubectl: 'Install kubectl (1.32 or newer) from the Kubernetes downloads page and put it on the PATH of the daemon.',
  dnsmasq: 'Install dnsmasq with the package manager of this device (on Debian: apt install dnsmasq-base).',
  restic: 'Install restic with the package manager of this device (on Debian: apt install restic).',
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

/** Most that is kept of an output, in characters; a program that prints more is ended. */
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

/** The failure for a program that is not there, or may not be run, with what to do. */
export function toolMissing(tool: string, path = process.env.PATH ?? ''): WildError {
  const locked = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, tool))
    .find((file) => existsSync(file))
  if (locked) {
    const hint = `chmod +x ${locked}`
    return new WildError('TOOL_MISSING', `${locked} is there, but may not be run: ${hint}`, { tool, hint })
  }
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

/**
 * A runner on execa: argv only, own process group, secrets by stdin, SIGTERM then SIGKILL after `graceMs` on abort or
 * timeout. `masker` hides secrets in everything a listener or an error gets; the caller gets the raw output. A listener
 * that throws (it cannot write) ends the command with that error.
 */
export function createToolRunner(options: {
  masker: Masker
  listener?: ToolListener
  signal?: AbortSignal
  defaultTimeoutMs?: number
  /** Between SIGTERM and SIGKILL. Default 5 000. */
  graceMs?: number
}): RunTool {
  const { masker, listener } = options
  return async (call) => {
    try {
      return await runOne(call)
    } catch (error) {
      call.into?.destroy(error as Error)
      call.from?.destroy()
      throw error
    }
  }

  async function runOne(call: ToolCall): Promise<ToolResult> {
    if (!findTool(call.tool)) throw toolMissing(call.tool)
    const started = performance.now()
    const timeoutMs = call.timeoutMs ?? options.defaultTimeoutMs ?? 60_000
    const signals = [call.signal, options.signal].filter((signal) => signal !== undefined)
    const signal = signals.length ? AbortSignal.any(signals) : undefined
    signal?.throwIfAborted()
    listener?.started?.(call)
    const child = execa(call.tool, call.args, {
      env: toolEnvironment(call.env),
      extendEnv: false,
      ...(call.from ? { stdin: 'pipe' as const } : { input: call.input ?? '' }),
      ...(call.into ? { buffer: { stdout: false } } : {}),
      reject: false,
      detached: true,
      cleanup: true,
      stripFinalNewline: false,
      maxBuffer: keptOutput,
      buffer: !call.streamed,
    })
    const watched = endGroupOn(child, signal, timeoutMs, options.graceMs ?? 5_000)
    let broken: { error: unknown } | undefined
    function tell(work: () => void): void {
      if (broken) return
      try {
        work()
      } catch (error) {
        broken = { error }
        watched.end('abort')
      }
    }
    if (child.pid) tell(() => listener?.spawned?.(call, child.pid!))
    const streams = connectStreams(child, call, () => watched.end('abort'))
    const heard = (call.into ? (['stderr'] as const) : (['stdout', 'stderr'] as const)).map((stream) =>
      hear(child[stream], masker, (line) => tell(() => listener?.line?.(stream, line, call))),
    )
    const result = await child
    await Promise.all([...heard, streams.ended])
    const reason = watched.stop()
    const durationMs = Math.round(performance.now() - started)
    tell(() => listener?.ended?.(call, { exitCode: result.exitCode, durationMs }))
    if (signal?.aborted) throw signal.reason
    if (broken) throw broken.error
    if (streams.failure()) throw streams.failure()
    if (reason === 'timeout') throw timedOut(call, timeoutMs, masker)
    if (result.isMaxBuffer) throw saidTooMuch(call, masker)
    if (result.exitCode === undefined) throw endedOrNotStarted(call, result, masker)
    const answer: ToolResult = { stdout: result.stdout ?? '', stderr: result.stderr ?? '', exitCode: result.exitCode }
    if (!(call.okExits ?? [0]).includes(answer.exitCode)) throw toolFailed(call, answer, masker)
    streams.finish()
    return answer
  }
}

type Watchable = Pick<ResultPromise, 'pid' | 'stdout' | 'stderr'>

/** Ends the whole process group on abort or timeout; `stop` ends the watching and says whether it was the timeout. */
function endGroupOn(child: Watchable, signal: AbortSignal | undefined, timeoutMs: number, graceMs: number) {
  const { pid } = child
  let reason: 'timeout' | 'abort' | undefined
  let killer: NodeJS.Timeout | undefined
  function end(why: 'timeout' | 'abort'): void {
    if (reason || !pid) return
    reason = why
    signalGroup(pid, 'SIGTERM')
    killer = setTimeout(kill, graceMs)
  }
  function kill(): void {
    signalGroup(pid!, 'SIGKILL')
    // A grandchild that left the group may keep the pipes open for ever; nobody waits for it.
    killer = setTimeout(() => {
      for (const stream of [child.stdout, child.stderr]) (stream as Readable | null)?.destroy()
    }, 1_000)
  }
  const onAbort = () => end('abort')
  const timer = setTimeout(() => end('timeout'), timeoutMs)
  if (signal?.aborted) end('abort')
  else signal?.addEventListener('abort', onAbort, { once: true })
  return {
    end,
    stop() {
      clearTimeout(timer)
      // Others of the group may have outlived their leader; they get the same grace and the same end.
      if (!reason || !pid || !groupLives(pid)) clearTimeout(killer)
      signal?.removeEventListener('abort', onAbort)
      return reason
    },
  }
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
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

/** The last part of an output, masked before it is cut, or half a secret would stand at the cut. */
function tail(text: string, masker: Masker): string {
  const masked = masker.text(text.slice(-256 * 1024).trim())
  return masked.length > 4_000 ? `…${masked.slice(-4_000)}` : masked
}

function toolFailed(call: ToolCall, result: ToolResult, masker: Masker): WildError {
  const output = tail(result.stderr.trim() ? result.stderr : result.stdout, masker)
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

function saidTooMuch(call: ToolCall, masker: Masker): WildError {
  const limit = keptOutput / 1024 / 1024
  return new WildError('TOOL_FAILED', `${shortName(call)} printed more than ${limit} MB and was ended.`, {
    tool: call.tool,
    command: commandLine(call, masker),
  })
}

function endedOrNotStarted(call: ToolCall, result: Result, masker: Masker): WildError {
  const message = result.signal
    ? `${shortName(call)} was ended from outside (${result.signal}). If nobody did that, the device may be short of memory.`
    : `${call.tool} could not be started.`
  const details = {
    tool: call.tool,
    command: commandLine(call, masker),
    ...(result.signal && { signal: result.signal }),
  }
  return new WildError('TOOL_FAILED', message, details, { cause: result.cause ?? result.originalMessage })
}
