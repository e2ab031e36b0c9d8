import type { Socket } from 'node:net'
import { createServer } from 'node:tls'
import { issueCertificate, type KeyPair, readPrivateKey, selfSigned } from '../pki/index.ts'
import { LabError } from '../settings.ts'
import type { ConfigFacts } from './config-facts.ts'
import { isOnLan, type Lan } from './lan.ts'
import type { Machine } from './life.ts'
import { type Door, doorTo } from './machine-door.ts'
import type { Perform } from './perform.ts'

const PORT = 50_000
const CERTIFICATE_DAYS = 30

interface Wanted {
  address: string
  /** Changes when the machine presents another certificate. */
  identity: string
  machine: Machine
}

interface Open {
  identity: string
  listener: Listener
}

interface Listener {
  close(): Promise<void>
}

/**
 * Keeps the machine API on port 50000 of every address at which it answers: gRPC over TLS, with a certificate nobody
 * vouches for in maintenance mode, and one of the cluster's Talos CA afterwards, when callers have to show one too.
 */
export function keepListeners(lan: Lan, perform: Perform): { settled(): Promise<void>; close(): Promise<void> } {
  const open = new Map<string, Open>()
  const certificates = new Map<string, Promise<KeyPair>>()
  let work = Promise.resolve()
  let closing = false

  const follow = async (): Promise<void> => {
    const wanted = closing ? [] : wantedListeners(lan)
    for (const [address, { identity, listener }] of [...open]) {
      if (wanted.some((one) => one.address === address && one.identity === identity)) continue
      open.delete(address)
      await listener.close()
    }
    for (const one of wanted) {
      if (open.has(one.address)) continue
      const pair = await certificateFor(one, certificates, lan)
      const door = doorTo(lan, perform, one.machine.record.number)
      const ca = one.machine.facts?.osCa.crt
      const listener = pair && (await listen(one.address, pair, { ca, door }).catch(() => undefined))
      if (listener) open.set(one.address, { identity: one.identity, listener })
    }
  }
  const settled = (): Promise<void> => {
    work = work.then(follow)
    return work
  }
  const cancel = lan.onChange(() => void settled())
  return {
    settled,
    close: async () => {
      closing = true
      cancel()
      await settled()
    },
  }
}

/** Refuses to start where something else listens on a machine's port. Throws LabError. */
export async function checkPortsFree(addresses: string[]): Promise<void> {
  const pair = await selfSigned('maintenance', [])
  for (const address of addresses) {
    try {
      await (await listen(address, pair)).close()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const why =
        code === 'EADDRINUSE'
          ? 'is taken: another lab runs there, or choose another WILD_LAB_NET'
          : `cannot be used (${code})`
      throw new LabError(`${address}:${PORT} ${why}`)
    }
  }
}

function wantedListeners(lan: Lan): Wanted[] {
  const all = lan.machines().flatMap((machine) => {
    const vip = machine.holdsVip && machine.facts?.vip ? [machine.facts.vip] : []
    const identity = `${machine.record.number}/${machine.facts?.osCa.crt ?? 'maintenance'}`
    return machine.up
      ? [...machine.addresses, ...vip]
          .filter((address) => isOnLan(lan, address))
          .map((address) => ({ address, identity, machine }))
      : []
  })
  // Two machines with one address: the first that came keeps it.
  return all.filter((one, index) => all.findIndex((other) => other.address === one.address) === index)
}

async function certificateFor(
  { machine, address, identity }: Wanted,
  cache: Map<string, Promise<KeyPair>>,
  lan: Lan,
): Promise<KeyPair | undefined> {
  const key = `${identity}/${address}`
  const known = cache.get(key)
  if (known) return known
  const made =
    machine.facts === undefined ? selfSigned('maintenance', [address]) : issueFor(machine, machine.facts, address, lan)
  cache.set(key, made)
  return made.catch(() => {
    cache.delete(key)
    return undefined
  })
}

async function issueFor(machine: Machine, facts: ConfigFacts, address: string, lan: Lan): Promise<KeyPair> {
  // A worker's config has no CA key; its certificate comes from a control plane of the cluster.
  const issuer = lan.machines().find((one) => one.facts?.osCa.crt === facts.osCa.crt && one.facts.osCa.key !== '')
  if (!issuer?.facts) throw new Error('no control plane to issue a certificate')
  const sans = [...new Set([...machine.addresses, address, '127.0.0.1', machine.hostname, ...facts.certSans])]
  return issueCertificate({
    ca: issuer.facts.osCa,
    commonName: machine.hostname,
    sans,
    days: CERTIFICATE_DAYS,
    usages: ['server'],
    algorithm: 'ed25519',
  })
}

/** What a listener does with connections. */
interface Entry {
  /** Callers have to show a certificate of this CA. */
  ca?: string
  door?: Door
}

function listen(address: string, pair: KeyPair, { ca, door }: Entry = {}): Promise<Listener> {
  const key = readPrivateKey(pair.key).export({ type: 'pkcs8', format: 'pem' })
  const sockets = new Set<Socket>()
  const server = createServer(
    { cert: pair.crt, key, ALPNProtocols: ['h2'], ...(ca ? { ca, requestCert: true } : {}) },
    (socket) => (door ? door.accept(socket) : socket.end()),
  )
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('secureConnection', (socket) => socket.on('error', () => socket.destroy()))
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    await door?.drain()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(PORT, address, () => {
      server.on('error', () => {})
      resolve({ close })
    })
  })
}
