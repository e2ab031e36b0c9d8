import { issueCertificate, toBase64, toTalosKey } from '../pki/index.ts'
import type { Machine } from './life.ts'

/** Whom a certificate lets in to: the machines, or their cluster. */
export type Entrance = 'talos' | 'kubernetes'

/** An administrator's certificate for the cluster of a machine, with so many days left: below zero it has ended. */
export async function clientCertificate(
  { facts }: Machine,
  days: number,
  entrance: Entrance = 'talos',
): Promise<{ crt: string; key: string }> {
  if (!facts) throw new Error('the machine is in maintenance mode')
  const common = { sans: [], days, usages: ['client' as const] }
  if (entrance === 'kubernetes') {
    const who = { organization: 'system:masters', commonName: 'admin' }
    const made = await issueCertificate({ ...common, ...who, ca: facts.kubernetesCa, algorithm: 'p256' })
    return { crt: toBase64(made.crt), key: toBase64(made.key) }
  }
  const made = await issueCertificate({ ...common, ca: facts.osCa, organization: 'os:admin', algorithm: 'ed25519' })
  return { crt: toBase64(made.crt), key: toBase64(toTalosKey(made.key)) }
}
