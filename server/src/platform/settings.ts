import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { WildError } from './errors.ts'
import { cidr, ipv4, parse } from './names.ts'
import { detectLan, type Lan } from './network.ts'

/** How this daemon was told to run (design section 11, fine print "Settings and places"). */
export interface Settings {
  dataDirectory: string
  /** The bundled catalog: `apps/` and `setup/`. */
  catalogDirectory: string
  host: string
  port: number
  /** Where machines that boot from the network fetch from, once that is switched on. */
  pxePort: number
  lan: Lan
  gateway: string
  /** Base URL that downloads are rewritten to, without a trailing slash. */
  mirror?: string
  /** Extra Host names that are answered. */
  hosts: string[]
  /** Web origins that may call the API (CORS). */
  origins: string[]
  /** Requests bring a token: bound beyond loopback, unless WILD_AUTH=off. */
  tokenWanted: boolean
  /** Open to everyone on the network, on purpose. */
  open: boolean
  logLevel: string
}

function writable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function dataDirectory(env: NodeJS.ProcessEnv): string {
  if (env.WILD_CENTRAL_DATA) return resolve(env.WILD_CENTRAL_DATA)
  const system = '/var/lib/wild-central'
  if (writable(system)) return system
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'wild-central')
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((part) => (part.trim() ? [part.trim()] : []))
}

function port(name: 'WILD_PORT' | 'WILD_PXE_PORT', text: string | undefined, usual: number): number {
  if (text === undefined || text === '') return usual
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new WildError('INVALID_INPUT', `${name}: "${text}" is not a port (0–65535).`, { field: name })
  return value
}

/** Loopback addresses and names. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** Settings from the environment. Throws INVALID_INPUT that names the variable, or when the data directory cannot be written. */
export function readSettings(env: NodeJS.ProcessEnv, bundledCatalog: string): Settings {
  const detected = env.WILD_LAN && env.WILD_GATEWAY ? undefined : detectLan()
  const lanCidr = env.WILD_LAN ? parse(cidr, env.WILD_LAN, 'WILD_LAN') : detected!.lan.cidr
  const data = dataDirectory(env)
  if (!writable(data))
    throw new WildError(
      'INVALID_INPUT',
      `The data directory ${data} cannot be written. Set WILD_CENTRAL_DATA to one that can.`,
      { field: 'WILD_CENTRAL_DATA' },
    )
  const host = env.WILD_HOST || '127.0.0.1'
  const auth = env.WILD_AUTH === 'off' ? 'off' : 'on'
  return {
    dataDirectory: data,
    catalogDirectory: resolve(env.WILD_DIRECTORY || bundledCatalog),
    host,
    port: port('WILD_PORT', env.WILD_PORT, 5055),
    pxePort: port('WILD_PXE_PORT', env.WILD_PXE_PORT, 8069),
    lan: { cidr: lanCidr, prefixLength: Number(lanCidr.split('/')[1]) },
    gateway: env.WILD_GATEWAY ? parse(ipv4, env.WILD_GATEWAY, 'WILD_GATEWAY') : detected!.gateway,
    mirror: env.WILD_MIRROR?.replace(/\/+$/, '') || undefined,
    hosts: list(env.WILD_HOSTS),
    origins: list(env.WILD_ORIGINS),
    tokenWanted: !isLoopback(host) && auth === 'on',
    open: !isLoopback(host) && auth === 'off',
    logLevel: env.WILD_LOG || 'info',
  }
}
