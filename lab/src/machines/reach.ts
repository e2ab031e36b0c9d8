import { X509Certificate } from 'node:crypto'
import { verifyIssuedBy } from '../pki/index.ts'
import type { ConfigFacts } from './config-facts.ts'
import { isOnLan, type Lan } from './lan.ts'
import type { Machine } from './life.ts'
import { cannotDial, handshakeFailed, multiError, RpcError } from './rpc-error.ts'

/** Who calls which machine through which endpoint, as the stand-in says it. */
export interface Caller {
  endpoints: string[]
  /** The node the endpoint shall forward to; absent with --insecure. */
  node?: string
  insecure: boolean
  /** PEM of the talosconfig: the CA it trusts and its client certificate. */
  ca?: string
  crt?: string
}

export type ConfiguredMachine = Machine & { facts: ConfigFacts }

/** A machine that let the caller in. */
export interface Reached {
  machine: Machine
  role: 'admin' | 'reader'
  /** Forwarded by another machine: errors then come in multierror form. */
  proxied: boolean
}

/** Finds the machine a call is for. Throws RpcError with what the real client meets on the way. */
export function reach(lan: Lan, caller: Caller): Reached {
  const endpoint = firstThatAnswers(lan, caller.endpoints)
  if (caller.insecure)
    return { machine: admitInsecure(endpoint.machine, endpoint.address), role: 'reader', proxied: false }
  const machine = shakeHands(endpoint.machine, caller)
  const role = roleOf(caller.crt)
  const node = caller.node ?? endpoint.address
  if (isAddressOf(machine, node)) return { machine, role, proxied: false }
  return { machine: forward(lan, machine, node), role, proxied: true }
}

function firstThatAnswers(lan: Lan, endpoints: string[]): { machine: Machine; address: string } {
  const machines = lan.machines()
  const tried = endpoints.map((endpoint) => endpoint.replace(/:50000$/, ''))
  for (const address of tried) {
    const machine = isOnLan(lan, address) ? machines.find((one) => one.up && isAddressOf(one, address)) : undefined
    if (machine) return { machine, address }
  }
  const last = tried.at(-1) ?? ''
  throw cannotDial(last, reasonAt(lan, last))
}

/** A cable that is out gives another error than a machine that is booting. */
function reasonAt(lan: Lan, address: string): 'connection refused' | 'no route to host' {
  if (!isOnLan(lan, address)) return 'no route to host'
  const machine = lan.machines().find((one) => one.addresses.includes(address))
  return machine !== undefined && (machine.awake || machine.record.stuck || machine.record.activity === 'off')
    ? 'no route to host'
    : 'connection refused'
}

/** Whether a machine answers at an address, its cluster's virtual one included. */
export function isAddressOf(machine: Machine, address: string): boolean {
  return machine.addresses.includes(address) || (machine.holdsVip && machine.facts?.vip === address)
}

let insecureRefusals = 0

function admitInsecure(machine: Machine, address: string): Machine {
  if (machine.facts === undefined) return machine
  // The real client loses a race here and reports one of three things.
  insecureRefusals += 1
  const port = 40_000 + (insecureRefusals % 20_000)
  const reports = [
    `write tcp ${address}:${port}->${address}:50000: write: broken pipe`,
    'error reading server preface: remote error: tls: certificate required',
    `read tcp ${address}:${port}->${address}:50000: read: connection reset by peer`,
  ]
  throw new RpcError('Unavailable', `connection error: desc = "${reports[insecureRefusals % reports.length]}"`)
}

const UNKNOWN_AUTHORITY = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
const OTHER_KEY =
  ' (possibly because of \\"x509: Ed25519 verification failure\\" while trying to verify candidate authority certificate \\"talos\\")'

function shakeHands(machine: Machine, { ca, crt }: Caller): ConfiguredMachine {
  const { facts } = machine
  if (facts === undefined) throw handshakeFailed(UNKNOWN_AUTHORITY)
  if (!sameCertificate(ca, facts.osCa.crt)) throw handshakeFailed(`${UNKNOWN_AUTHORITY}${OTHER_KEY}`)
  if (!crt) throw prefaceError('certificate required')
  if (!verifyIssuedBy(crt, facts.osCa.crt)) throw prefaceError('unknown certificate authority')
  if (new Date(new X509Certificate(crt).validTo).getTime() < Date.now()) throw prefaceError('expired certificate')
  return machine as ConfiguredMachine
}

const prefaceError = (alert: string): RpcError =>
  new RpcError('Unavailable', `connection error: desc = "error reading server preface: remote error: tls: ${alert}"`)

function sameCertificate(one: string | undefined, other: string): boolean {
  try {
    return new X509Certificate(one ?? '').fingerprint256 === new X509Certificate(other).fingerprint256
  } catch {
    return false
  }
}

/** Roles are the organizations of the client certificate, PEM. */
export function roleOf(crt: string | undefined): Reached['role'] {
  const subject = new X509Certificate(crt ?? '').subject ?? ''
  return subject.split('\n').includes('O=os:admin') ? 'admin' : 'reader'
}

/** The machine a configured one forwards a call to. Throws RpcError. */
export function forward(lan: Lan, through: ConfiguredMachine, node: string): Machine {
  if (/:\d+$/.test(node)) throw new RpcError('Internal', `invalid target "${node}"`)
  if (through.facts.role === 'worker') throw new RpcError('PermissionDenied', 'no request forwarding')
  const target = isOnLan(lan, node) ? lan.machines().find((one) => one.up && isAddressOf(one, node)) : undefined
  if (!target) throw forwarded(cannotDial(node, reasonAt(lan, node)))
  if (target.facts === undefined) throw forwarded(handshakeFailed(UNKNOWN_AUTHORITY))
  if (!sameCertificate(through.facts.osCa.crt, target.facts.osCa.crt))
    throw forwarded(handshakeFailed(`${UNKNOWN_AUTHORITY}${OTHER_KEY}`))
  return target
}

/** The error of a forwarded call: the endpoint collects what its nodes answered. */
export function forwarded(error: RpcError): RpcError {
  const wrapped = new RpcError(error.code, error.description)
  wrapped.message = multiError([error.message])
  return wrapped
}
