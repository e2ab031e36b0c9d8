import { X509Certificate } from 'node:crypto'
import { createCa, issueCertificate, type KeyPair } from '../../pki/index.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { challengesFail } from './challenges.ts'
import { type Condition, isTrue, timestamp, withCondition, withoutCondition } from './conditions.ts'
import type { ControllerContext } from './context.ts'
import { issuerKeyPair } from './issuers.ts'

interface Signed extends KeyPair {
  /** The certificate that signed it. */
  ca: string
}

const component = 'cert-manager-certificates-issuing'
const hourMs = 3_600_000
const acmeLabMs = 10_000
const signingLabMs = 2000

/** A Go duration such as `2160h` or `360h30m` in milliseconds. */
export function goDuration(text: string): number {
  const units: Record<string, number> = { h: hourMs, m: 60_000, s: 1000 }
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)].reduce(
    (total, [, n, unit]) => total + Number(n) * units[unit!]!,
    0,
  )
}

const lifetime = ({ spec }: KubeObject): number => goDuration(spec.duration ?? '2160h')
const namesOf = ({ spec }: KubeObject): string[] => [...(spec.dnsNames ?? []), ...(spec.ipAddresses ?? [])]
const decoded = (secret: KubeObject, key: string): string => Buffer.from(secret.data?.[key] ?? '', 'base64').toString()

function issuerOf(objects: ObjectStore, certificate: KubeObject): KubeObject | undefined {
  const { kind = 'Issuer', name } = certificate.spec.issuerRef
  return objects.get(kind, kind === 'ClusterIssuer' ? undefined : certificate.metadata.namespace, name)
}

/** The authority behind the lab's ACME servers, made once for each cluster. */
async function acmeAuthority({ store, cluster }: ControllerContext): Promise<KeyPair> {
  const collection = `authorities/${cluster.id}`
  const known = store.get<KeyPair>(collection, 'acme')
  if (known !== undefined) return known
  const made = await createCa({ commonName: 'Lab ACME R1', organization: 'Wild Central Lab', algorithm: 'p256' })
  store.put(collection, 'acme', made)
  return made
}

async function sign(
  context: ControllerContext,
  certificate: KubeObject,
  issuer: KubeObject,
): Promise<Signed | undefined> {
  const { commonName = namesOf(certificate)[0], isCA = false, subject } = certificate.spec
  const organization = subject?.organizations?.[0] ?? ''
  const selfSigned = issuer.spec.selfSigned !== undefined
  if (isCA) {
    if (!selfSigned) return undefined
    const made = await createCa({ commonName, organization, algorithm: 'p256' })
    return { ...made, ca: made.crt }
  }
  const ca = selfSigned
    ? await createCa({ commonName, organization, algorithm: 'p256' })
    : issuer.spec.acme === undefined
      ? issuerKeyPair(context.objects, issuer)
      : await acmeAuthority(context)
  if (ca === undefined) return undefined
  const made = await issueCertificate({
    ca,
    commonName,
    organization: organization || undefined,
    sans: namesOf(certificate),
    days: lifetime(certificate) / (24 * hourMs),
    usages: ['server', 'client'],
    algorithm: 'p256',
  })
  return { ...made, ca: ca.crt }
}

const annotationsFor = ({ metadata, spec }: KubeObject): Record<string, string> => ({
  'cert-manager.io/alt-names': (spec.dnsNames ?? []).join(','),
  'cert-manager.io/certificate-name': metadata.name,
  'cert-manager.io/common-name': spec.commonName ?? '',
  'cert-manager.io/ip-sans': (spec.ipAddresses ?? []).join(','),
  'cert-manager.io/issuer-group': spec.issuerRef.group ?? 'cert-manager.io',
  'cert-manager.io/issuer-kind': spec.issuerRef.kind ?? 'Issuer',
  'cert-manager.io/issuer-name': spec.issuerRef.name,
})

/** The certificate a Secret holds; undefined when it holds none. */
function readCertificate(secret: KubeObject | undefined): X509Certificate | undefined {
  try {
    return secret === undefined ? undefined : new X509Certificate(decoded(secret, 'tls.crt'))
  } catch {
    return undefined
  }
}

function renewalOf(certificate: KubeObject, issued: X509Certificate): number {
  const [start, end] = [Date.parse(issued.validFrom), Date.parse(issued.validTo)]
  const { renewBefore } = certificate.spec
  return renewBefore === undefined ? end - (end - start) / 3 : end - goDuration(renewBefore)
}

/** Why a certificate must be issued, or undefined when the one at hand is good. */
function reasonToIssue(
  context: ControllerContext,
  certificate: KubeObject,
  secret: KubeObject | undefined,
): [string, string] | undefined {
  if (secret === undefined) return ['DoesNotExist', 'Issuing certificate as Secret does not exist']
  const issued = readCertificate(secret)
  if (issued === undefined || !secret.data?.['tls.key']) {
    return ['MissingData', 'Issuing certificate as Secret does not contain a certificate']
  }
  const wanted = Object.entries(annotationsFor(certificate))
  if (wanted.some(([key, value]) => (secret.metadata.annotations?.[key] ?? '') !== value)) {
    return ['SecretMismatch', 'Issuing certificate as Existing issued Secret is not up to date for spec']
  }
  if (context.clock.now() < renewalOf(certificate, issued)) return undefined
  return ['Renewing', 'Renewing certificate as renewal was scheduled']
}

function writeSecret({ objects }: ControllerContext, certificate: KubeObject, signed: Signed): void {
  const { namespace } = certificate.metadata
  const { secretName, secretTemplate = {} } = certificate.spec
  const data = { 'ca.crt': signed.ca, 'tls.crt': signed.crt, 'tls.key': signed.key }
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: {
      name: secretName,
      namespace,
      labels: { ...secretTemplate.labels, 'controller.cert-manager.io/fao': 'true' },
      annotations: { ...secretTemplate.annotations, ...annotationsFor(certificate) },
    },
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  }
  if (objects.get('Secret', namespace, secretName) === undefined) objects.create(secret)
  else objects.update(secret)
}

function setStatus(context: ControllerContext, certificate: KubeObject, ready: Condition, more: object): void {
  const now = context.clock.now()
  const observed = { ...ready, observedGeneration: certificate.metadata.generation }
  const conditions = withCondition(certificate.status?.conditions, observed, now)
  const issuing: Condition = { ...observed, type: 'Issuing', status: 'True' }
  context.objects.updateStatus(certificate, {
    ...certificate.status,
    conditions:
      ready.status === 'True' ? withoutCondition(conditions, 'Issuing') : withCondition(conditions, issuing, now),
    ...more,
  })
}

function showIssued(context: ControllerContext, certificate: KubeObject, secret: KubeObject): void {
  const issued = readCertificate(secret)
  if (issued === undefined) return
  const message = 'Certificate is up to date and has not expired'
  setStatus(
    context,
    certificate,
    { type: 'Ready', status: 'True', reason: 'Ready', message },
    {
      notBefore: timestamp(Date.parse(issued.validFrom)),
      notAfter: timestamp(Date.parse(issued.validTo)),
      renewalTime: timestamp(renewalOf(certificate, issued)),
      revision: certificate.status?.revision ?? 1,
    },
  )
}

async function issue(
  context: ControllerContext,
  certificate: KubeObject,
  reason: string,
  message: string,
): Promise<void> {
  const { objects, moments, record } = context
  const { kind = 'Issuer', name } = certificate.spec.issuerRef
  setStatus(context, certificate, { type: 'Ready', status: 'False', reason, message }, {})
  record(certificate, 'Normal', 'Issuing', message, 'cert-manager-certificates-trigger')
  const issuer = issuerOf(objects, certificate)
  if (issuer === undefined) {
    const text = `Referenced "${kind}" not found: ${kind.toLowerCase()}.cert-manager.io "${name}" not found`
    return record(certificate, 'Warning', 'IssuerNotFound', text, component)
  }
  if (!isTrue(issuer, 'Ready')) {
    const text = 'Referenced issuer does not have a Ready status condition'
    return record(certificate, 'Warning', 'IssuerNotReady', text, component)
  }
  if (issuer.spec.acme !== undefined && challengesFail(context, certificate, issuer)) return
  const revision = (certificate.status?.revision ?? 0) + 1
  const labMs = issuer.spec.acme === undefined ? signingLabMs : acmeLabMs
  if (!moments.reached(certificate, 'signed', labMs, `${revision}/${certificate.metadata.generation}`)) return
  const signed = await sign(context, certificate, issuer)
  if (signed === undefined)
    return record(certificate, 'Warning', 'Failed', `${kind} "${name}" cannot sign this certificate`, component)
  writeSecret(context, certificate, signed)
  moments.forget(certificate, 'signed')
  objects.updateStatus(certificate, { ...certificate.status, revision })
  record(certificate, 'Normal', 'Issuing', 'The certificate has been successfully issued', component)
}

/** Issues what is missing or no longer fits, renews what is due. */
export async function reconcileCertificates(context: ControllerContext): Promise<void> {
  const { objects } = context
  for (const listed of objects.list('Certificate')) {
    const { namespace, name } = listed.metadata
    const secretOf = () => objects.get('Secret', namespace, listed.spec.secretName)
    const reason = reasonToIssue(context, listed, secretOf())
    if (reason !== undefined) await issue(context, listed, ...reason)
    const certificate = objects.get('Certificate', namespace, name)
    const secret = secretOf()
    if (certificate === undefined || secret === undefined || reasonToIssue(context, certificate, secret)) continue
    showIssued(context, certificate, secret)
  }
}
