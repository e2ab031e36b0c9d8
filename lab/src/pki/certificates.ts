import { randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import { readPrivateKey } from './pem.ts'

/** A certificate and its private key, both PEM. Ed25519 keys are PKCS#8, P-256 keys SEC1 (`EC PRIVATE KEY`). */
export interface KeyPair {
  crt: string
  key: string
}

export type KeyAlgorithm = 'ed25519' | 'p256'

export interface CaOptions {
  commonName?: string
  /** Empty for a CA without a subject. */
  organization: string
  algorithm: KeyAlgorithm
}

export interface CertificateOptions {
  ca: KeyPair
  organization?: string
  commonName?: string
  /** Addresses and host names. */
  sans: string[]
  /** Days from now until it ends. */
  days: number
  usages: ('client' | 'server')[]
  algorithm: KeyAlgorithm
}

const DAY = 86_400_000
const CA_DAYS = 3650
const PARAMETERS = {
  ed25519: { generate: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  p256: { generate: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
} as const
const EXTENDED = { client: x509.ExtendedKeyUsage.clientAuth, server: x509.ExtendedKeyUsage.serverAuth }

type Keys = { publicKey: webcrypto.CryptoKey; privateKey: webcrypto.CryptoKey }

// Node's and the browser's types of the same thing differ.
x509.cryptoProvider.set(webcrypto as never)

/** Makes a self-signed certificate authority that is valid for ten years. */
export async function createCa(options: CaOptions): Promise<KeyPair> {
  const keys = await generateKeys(options.algorithm)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(options.algorithm, CA_DAYS),
    name: subject(options.organization, options.commonName),
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign, true),
      new x509.ExtendedKeyUsageExtension([EXTENDED.server, EXTENDED.client]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { crt: pem(certificate), key: await privatePem(keys, options.algorithm) }
}

/** Issues a certificate with a fresh key under `ca`. Throws when the CA's key cannot be read. */
export async function issueCertificate(options: CertificateOptions): Promise<KeyPair> {
  const keys = await generateKeys(options.algorithm)
  const authority = await readAuthority(options.ca)
  const names = options.sans.map((san) => ({ type: isIP(san) ? ('ip' as const) : ('dns' as const), value: san }))
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(authority.algorithm, options.days),
    subject: subject(options.organization, options.commonName),
    issuer: authority.certificate.subjectName,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(options.usages.map((usage) => EXTENDED[usage])),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  })
  return { crt: pem(certificate), key: await privatePem(keys, options.algorithm) }
}

/** Makes a certificate that nobody vouches for, as a machine in maintenance mode presents. */
export async function selfSigned(name: string, sans: string[]): Promise<KeyPair> {
  const ca = await createCa({ organization: name, algorithm: 'p256' })
  return issueCertificate({ ca, organization: name, sans, days: 365, usages: ['server'], algorithm: 'p256' })
}

/** Whether `crtPem` carries the signature of `caPem`. False for anything that is no certificate. */
export function verifyIssuedBy(crtPem: string, caPem: string): boolean {
  try {
    const ca = new X509Certificate(caPem)
    return new X509Certificate(crtPem).verify(ca.publicKey)
  } catch {
    return false
  }
}

function common(signer: KeyAlgorithm, days: number) {
  const now = Date.now()
  const serialNumber = randomBytes(16)
  serialNumber[0] = (serialNumber[0]! & 0x3f) | 0x40
  return {
    serialNumber: serialNumber.toString('hex'),
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + days * DAY),
    signingAlgorithm: PARAMETERS[signer].sign,
  }
}

function subject(organization: string | undefined, commonName: string | undefined): x509.JsonName {
  const name: x509.JsonName = []
  if (organization) name.push({ O: [organization] })
  if (commonName) name.push({ CN: [commonName] })
  return name
}

async function generateKeys(algorithm: KeyAlgorithm): Promise<Keys> {
  const keys = await webcrypto.subtle.generateKey(PARAMETERS[algorithm].generate, true, ['sign', 'verify'])
  return keys as unknown as Keys
}

async function privatePem(keys: Keys, algorithm: KeyAlgorithm): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const pkcs8 = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
  return algorithm === 'ed25519' ? pkcs8 : String(readPrivateKey(pkcs8).export({ type: 'sec1', format: 'pem' }))
}

async function readAuthority(ca: KeyPair) {
  const key = readPrivateKey(ca.key)
  const algorithm: KeyAlgorithm = key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'p256'
  const der = key.export({ type: 'pkcs8', format: 'der' })
  return {
    algorithm,
    certificate: new x509.X509Certificate(ca.crt),
    key: await webcrypto.subtle.importKey('pkcs8', der, PARAMETERS[algorithm].generate, false, ['sign']),
  }
}

const pem = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`
