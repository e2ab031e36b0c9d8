import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { createCa, type KeyPair } from '../../pki/index.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { servedCustomRoutes } from './custom-routes.ts'
import { servedIngresses } from './ingress-routes.ts'
import type { Gateway } from './traefik.ts'

interface Certificate {
  names: X509Certificate
  context: SecureContext
}

/** Picks the certificate for the name a client asks for. */
export type CertificateChoice = (serverName: string) => SecureContext

const defaultName = 'TRAEFIK DEFAULT CERT'

const decoded = (secret: KubeObject, key: string): string => Buffer.from(secret.data?.[key] ?? '', 'base64').toString()

/** The TLS Secrets that routes of this Traefik name, each from the namespace of its route. */
function secretsOf(objects: ObjectStore, gateway: Gateway): KubeObject[] {
  const ingresses = servedIngresses(objects, gateway).flatMap(({ metadata, spec }) =>
    (spec.tls ?? []).map(({ secretName }: { secretName?: string }) => [metadata.namespace, secretName]),
  )
  const custom = servedCustomRoutes(objects, gateway).map(({ metadata, spec }) => [
    metadata.namespace,
    spec.tls?.secretName,
  ])
  return [...ingresses, ...custom].flatMap(([namespace, name]) => {
    const secret = name === undefined ? undefined : objects.get('Secret', namespace, name)
    return secret === undefined ? [] : [secret]
  })
}

/**
 * Keeps the certificates of the ingress in the form TLS wants. A name no Secret covers gets the self-signed
 * certificate that Traefik makes at its start.
 */
export function createCertificates() {
  const known = new Map<string, Certificate>()
  let made: Promise<KeyPair> | undefined
  const fallback = (): Promise<KeyPair> => {
    made ??= createCa({ commonName: defaultName, organization: '', algorithm: 'p256' })
    return made
  }

  const load = (secret: KubeObject): Certificate | undefined => {
    const [cert, key] = [decoded(secret, 'tls.crt'), decoded(secret, 'tls.key')]
    const id = `${cert}${key}`
    try {
      const certificate = known.get(id) ?? {
        names: new X509Certificate(cert),
        context: createSecureContext({ cert, key }),
      }
      known.set(id, certificate)
      return certificate
    } catch {
      return undefined
    }
  }

  return {
    /** The self-signed certificate for everything else. */
    fallback,
    /** The choice for what the cluster's Secrets hold now. */
    async choose(objects: ObjectStore, gateway: Gateway): Promise<CertificateChoice> {
      const pair = await fallback()
      const plain = createSecureContext({ cert: pair.crt, key: pair.key })
      const certificates = secretsOf(objects, gateway).flatMap((secret) => load(secret) ?? [])
      return (serverName) =>
        certificates.find(({ names }) => names.checkHost(serverName) !== undefined)?.context ?? plain
    },
  }
}
