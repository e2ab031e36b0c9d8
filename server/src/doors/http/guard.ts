import type { IncomingMessage } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { WildError } from '../../platform/errors.ts'
import type { Settings } from '../../platform/settings.ts'

/**
 * Any web page a family member opens must not be able to drive the cluster: requests must name a host we answer to
 * (against DNS rebinding) and, when a browser sends an Origin, it must be ours or one that was named (WILD_ORIGINS).
 */
export interface Guard {
  /** Throws FORBIDDEN with what to set. */
  check(headers: { host?: string; origin?: string }): void
  /** Origins that get CORS headers. */
  corsOrigin(origin: string | undefined): string | undefined
}

function hostOf(value: string): string {
  return value.startsWith('[') ? value.slice(1, value.indexOf(']')) : value.replace(/:\d+$/, '')
}

function ownNames(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
  const name = hostname().toLowerCase()
  return new Set([...addresses, name, `${name}.local`, 'localhost', 'wild-central.local', '::1'])
}

/** A guard for these settings. Own addresses are looked up when asked: interfaces come and go. */
export function createGuard(settings: Settings): Guard {
  function hostAllowed(host: string): boolean {
    const name = hostOf(host).toLowerCase()
    return /^127\.\d+\.\d+\.\d+$/.test(name) || settings.hosts.includes(name) || ownNames().has(name)
  }

  return {
    check({ host, origin }) {
      if (!host || !hostAllowed(host))
        throw new WildError(
          'FORBIDDEN',
          `This daemon does not answer to the host name "${host ?? ''}". Add it to WILD_HOSTS if it is yours.`,
          { host },
        )
      // "null" comes from sandboxed and local pages: strangers too.
      const trusted = !origin || sameOrigin(origin, host) || settings.origins.includes(origin)
      if (!trusted)
        throw new WildError(
          'FORBIDDEN',
          `Requests from pages of ${origin} are refused. Add it to WILD_ORIGINS if you trust it.`,
          { origin },
        )
    },
    corsOrigin: (origin) => (origin && settings.origins.includes(origin) ? origin : undefined),
  }
}

function sameOrigin(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host
  } catch {
    return false
  }
}

/** The two headers the guard looks at, of a plain Node request. */
export function guardedHeaders(request: IncomingMessage): { host?: string; origin?: string } {
  return { host: request.headers.host, origin: request.headers.origin }
}
