import { appendFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One call of a stand-in, as commands.log holds it. */
export interface NotedCall {
  tool: 'talosctl' | 'kubectl'
  argv: string[]
  mutating: boolean
  exit: number
}

/** Appends a call to commands.log beside the lab's socket; does nothing without a lab. */
export function noteCall(env: NodeJS.ProcessEnv, call: NotedCall): void {
  if (!env.WILD_LAB_SOCKET) return
  const line = JSON.stringify({ at: new Date().toISOString(), ...call })
  try {
    appendFileSync(join(dirname(env.WILD_LAB_SOCKET), 'commands.log'), `${line}\n`)
  } catch {
    // A lab that was never started has no folder; the call itself says so.
  }
}
