import { WildError } from '../../platform/errors.ts'
import { talosFailure } from '../../tools/talosctl-failures.ts'
import { type NodeRecord, nameOf } from './model.ts'

/** Nobody answers where the machine should be. */
export function machineOffline(record: NodeRecord, tried: string[]): WildError {
  const places = tried.length ? ` at ${tried.join(' or ')}` : ''
  return new WildError(
    'MACHINE_OFFLINE',
    `The machine of ${record.name} does not answer${places} (TCP 50000). Check that it is switched on, cabled and booted into Talos; if it got another address, run discovery again.`,
    { node: record.name, mac: record.mac, tried, hint: 'wild-cli node discover' },
  )
}

/** It answers, but neither takes our certificate nor is it in maintenance mode. */
export function strangeMachine(record: NodeRecord, ip: string): WildError {
  return new WildError(
    'CONFLICT',
    `The machine at ${ip}, meant for ${record.name}, is set up by another cluster or an older installation and does not accept this instance's certificate. Reset it to maintenance mode (boot it from the Talos ISO or USB stick and choose reset), then run this again.`,
    { node: record.name, ip },
  )
}

/** Another machine than the recorded one has the address. */
export function wrongMachine(record: NodeRecord, ip: string, macs: string[]): WildError {
  return new WildError(
    'CONFLICT',
    `At ${ip} answers another machine (${macs[0] ?? 'no hardware address'}) than the one recorded for ${record.name} (${record.mac}). Run discovery again, or forget ${record.name} and assign it anew.`,
    { node: record.name, ip, macs, expected: record.mac, hint: `wild-cli node delete ${record.name}` },
  )
}

const advice = {
  offline: ['MACHINE_OFFLINE', 'It does not answer: check power and cable, then run this again.'],
  configured: [
    'CONFLICT',
    'It already has a configuration and wants a certificate: run discovery again to see whose it is.',
  ],
  'unknown-authority': [
    'CONFLICT',
    "It does not accept this instance's certificate: it is in maintenance mode or belongs to another cluster. Run discovery again.",
  ],
  expired: ['CONFLICT', 'The certificate of the talosconfig has ended. Renew it: wild-cli cluster renew'],
  'wrong-address': ['CONFLICT', "Its certificate is for another address: check targetIp in the node's record."],
  'not-talos': ['CONFLICT', 'What listens on port 50000 there is not Talos: check the address.'],
} as const

/**
 * A failed talosctl call as an error that names the machine and says what to do. Refusals of Talos keep their own words;
 * anything that is not a talosctl failure is returned unchanged.
 */
export function explainMachine(error: unknown, record: NodeRecord, doing: string): unknown {
  const kind = talosFailure(error)
  if (!(error instanceof WildError) || !kind) return error
  const known = kind in advice ? advice[kind as keyof typeof advice] : undefined
  const [code, hint] = known ?? ([error.code, ''] as const)
  const said = known ? hint : `Talos said: ${error.message.replace(/^talosctl \S+ failed: /, '')}`
  return new WildError(
    code,
    `${doing} failed on ${nameOf(record)}. ${said}`,
    { ...error.details, node: record.name },
    { cause: error },
  )
}
