import type { Clock } from '../../platform/clock.ts'
import { cidrOf, interfacesOfDevice } from './interfaces.ts'

const everyMs = 5_000

/** Keeps an eye on the interface that is served: a cable, an adapter or an address may come and go. */
export interface InterfaceWatch {
  /** Why nothing is served on it now; undefined while it is there. */
  problem(): string | undefined
  /** Looks until `signal` aborts. */
  keep(signal: AbortSignal): Promise<void>
}

interface Deps {
  clock: Clock
  /** The interface that is served; undefined while none is. */
  served(): Promise<string | undefined>
  /** It went away, came back, or has another address. */
  changed(isThere: boolean): void
}

/** A watch over one interface, which may become another one at any time. */
export function createInterfaceWatch({ clock, served, changed }: Deps): InterfaceWatch {
  let seen: { name: string; cidr: string | undefined } | undefined

  async function look(): Promise<void> {
    const name = await served().catch(() => undefined)
    if (name === undefined) {
      seen = undefined
      return
    }
    const before = seen
    seen = { name, cidr: cidrOf(name) }
    const isOther = before?.name === name ? before.cidr !== seen.cidr : seen.cidr === undefined
    if (isOther) changed(seen.cidr !== undefined)
  }

  return {
    problem() {
      if (!seen || seen.cidr !== undefined) return undefined
      return `The network interface ${seen.name} is not there, or has no IPv4 address, so nothing is served on it. It goes on by itself when it is back; there are: ${interfacesOfDevice().join(', ')}.`
    },
    async keep(signal) {
      while (!signal.aborted) {
        await look()
        await clock.sleep(everyMs, signal).catch(() => undefined)
      }
    },
  }
}
