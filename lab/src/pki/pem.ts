import { createPrivateKey, type KeyObject } from 'node:crypto'

/** Talos writes Ed25519 keys under a label of its own; the content is ordinary PKCS#8. */
const TALOS_LABEL = 'ED25519 PRIVATE KEY'
const PKCS8_LABEL = 'PRIVATE KEY'

/** The PKCS#8 PEM of an Ed25519 key under the label that Talos files use. */
export function toTalosKey(pem: string): string {
  return relabel(pem, PKCS8_LABEL, TALOS_LABEL)
}

/** Any private key PEM (Talos label, PKCS#8, SEC1 or PKCS#1) as a key object. Throws when it is not one. */
export function readPrivateKey(pem: string): KeyObject {
  return createPrivateKey(relabel(pem, TALOS_LABEL, PKCS8_LABEL))
}

function relabel(pem: string, from: string, to: string): string {
  return pem
    .replace(`-----BEGIN ${from}-----`, `-----BEGIN ${to}-----`)
    .replace(`-----END ${from}-----`, `-----END ${to}-----`)
}

/** Text as base64, the way Talos and Kubernetes files embed PEM. */
export const toBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** The inverse of {@link toBase64}. */
export const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8')
