import { spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { processStart } from '../../operations/command-log.ts'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { findTool, signalGroup, toolMissing } from '../../platform/tool-runner.ts'
import { portHolder } from './port-holder.ts'

const startLimitMs = 5_000
const endLimitMs = 5_000
const longestPauseMs = 60_000
/** Where machines ask for an address; it cannot be another one. */
const dhcpPort = 67

/** dnsmasq as a child process of the daemon, kept running. */
export interface DnsmasqChild {
  pid(): number | undefined
  /** Why it is not running although it should; cleared by the next start. */
  problem(): WildError | undefined
  /**
   * Ends a running one and starts anew with this file; resolves once `isUp` says so. Throws TOOL_MISSING, or TOOL_FAILED
   * with what dnsmasq said, and who holds the port when it is taken.
   */
  start(conf: string, port: number, isUp: () => Promise<boolean>): Promise<void>
  stop(): Promise<void>
}

/** The child; `folder` is the daemon's run folder. One left by a daemon that was killed is ended first: it is proven by pid and start time. */
export function createDnsmasqChild(folder: string, log: Log, changed: () => void): DnsmasqChild {
  const noteFile = join(folder, 'dnsmasq.json')
  const saidFile = join(folder, 'dnsmasq.err')
  let current: { pid: number; gone: Promise<number | null> } | undefined
  let problem: WildError | undefined
  /** Grows with each start and stop, so that a restart after a crash knows that it is no longer wanted. */
  let turn = 0

  async function endLeftOver(): Promise<void> {
    const note = await readFileIfThere(noteFile).catch(() => undefined)
    await rm(noteFile, { force: true })
    try {
      const { pid, start } = JSON.parse(note ?? '{}')
      if (!pid || !start || processStart(pid) !== start) return
      log.warn({ pid }, 'ending the dnsmasq the last daemon left behind')
      signalGroup(pid, 'SIGTERM')
      for (let waited = 0; waited < endLimitMs && processStart(pid) === start; waited += 50) await delay(50)
      if (processStart(pid) === start) signalGroup(pid, 'SIGKILL')
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }

  async function end(): Promise<void> {
    const child = current
    current = undefined
    if (!child) return endLeftOver()
    signalGroup(child.pid, 'SIGTERM')
    const late = AbortSignal.timeout(endLimitMs)
    late.addEventListener('abort', () => signalGroup(child.pid, 'SIGKILL'))
    await child.gone
    await rm(noteFile, { force: true })
  }

  async function launch(conf: string, port: number, isUp: () => Promise<boolean>): Promise<void> {
    if (!findTool('dnsmasq')) throw toolMissing('dnsmasq')
    const said = await open(saidFile, 'w', 0o600)
    const child = spawn('dnsmasq', ['-k', '-C', conf, '--pid-file='], {
      detached: true,
      stdio: ['ignore', 'ignore', said.fd],
      env: { PATH: process.env.PATH },
    })
    const gone = new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(-1))
      child.once('exit', (code) => resolve(code))
    })
    await said.close()
    if (!child.pid) throw new WildError('TOOL_FAILED', 'dnsmasq could not be started.', { tool: 'dnsmasq' })
    const mine = { pid: child.pid, gone }
    current = mine
    await writeFileAtomic(noteFile, JSON.stringify({ pid: child.pid, start: processStart(child.pid) }), { mode: 0o600 })
    let exit: number | null | undefined
    gone.then((code) => {
      exit = code ?? -1
    })
    for (let waited = 0; waited < startLimitMs; waited += 100) {
      if (exit !== undefined) break
      if (await isUp()) return watch(mine, conf, port, isUp)
      await delay(100)
    }
    if (exit === undefined) await end()
    current = undefined
    throw await failure(port)
  }

  async function failure(port: number): Promise<WildError> {
    const said = (await readFile(saidFile, 'utf8').catch(() => '')).trim().replace(/^dnsmasq: /, '')
    const why = said || 'it did not answer within 5 s'
    const taken = /already in use/.test(said) ? (/DHCP/.test(said) ? dhcpPort : port) : undefined
    const holder = taken === undefined ? undefined : await portHolder(taken)
    const advice = taken === dhcpPort ? 'stop it, or let it lend the addresses' : 'stop it, or choose another port'
    return new WildError(
      'TOOL_FAILED',
      `dnsmasq does not run: ${why}.${holder ? ` Port ${taken} is held by ${holder}; ${advice}.` : ''}`,
      { tool: 'dnsmasq', output: said, ...(holder ? { holder } : {}) },
    )
  }

  /** Starts it again when it ends by itself, with longer and longer pauses. */
  function watch(mine: NonNullable<typeof current>, conf: string, port: number, isUp: () => Promise<boolean>): void {
    const wanted = turn
    mine.gone.then(async (code) => {
      if (turn !== wanted) return
      current = undefined
      problem = await failure(port)
      log.error({ code, problem: problem.message }, 'dnsmasq ended by itself')
      changed()
      for (let pause = 1_000; turn === wanted; pause = Math.min(pause * 2, longestPauseMs)) {
        await delay(pause, undefined, { ref: false })
        if (turn !== wanted) return
        try {
          await launch(conf, port, isUp)
          problem = undefined
          changed()
          return
        } catch (error) {
          log.error({ err: error }, 'dnsmasq could not be started again')
        }
      }
    })
  }

  return {
    pid: () => current?.pid,
    problem: () => problem,
    async start(conf, port, isUp) {
      turn++
      await end()
      problem = undefined
      try {
        await launch(conf, port, isUp)
      } catch (error) {
        if (error instanceof WildError) problem = error
        throw error
      } finally {
        changed()
      }
    },
    async stop() {
      turn++
      await end()
      problem = undefined
      changed()
    },
  }
}
