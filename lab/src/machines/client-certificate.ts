import { issueCertificate, toBase64, toTalosKey } from '../pki/index.ts'
import type { Machine } from './life.ts'

/** An administrator's certificate for the cluster of a machine, with so many days left: below zero it has ended. */
export async function clientCertificate({ facts }: Machine, days: number): Promise<{ crt: string; key: string }> {
  if (!facts) throw new Error('the machine is in maintenance mode')
  const made = await issueCertificate({
    ca: facts.osCa,
    organization: 'os:admin',
    sans: [],
    days,
    usages: ['client'],
    algorithm: 'ed25519',
  })
  return { crt: toBase64(made.crt), key: toBase64(toTalosKey(made.key)) }
}
