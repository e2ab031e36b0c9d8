import { createCa, type KeyPair } from '../../pki/index.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { type Condition, withCondition } from './conditions.ts'
import type { ControllerContext } from './context.ts'

type Spec = KubeObject['spec']

interface Verdict {
  ready: boolean
  reason: string
  message: string
}

/** Where an issuer looks for Secrets: a cluster-wide one in cert-manager's own namespace. */
const secretNamespace = ({ kind, metadata }: KubeObject): string =>
  kind === 'ClusterIssuer' ? 'cert-manager' : (metadata.namespace ?? '')

const decoded = (secret: KubeObject | undefined, key: string): string =>
  Buffer.from(secret?.data?.[key] ?? '', 'base64').toString()

/** The key pair a CA issuer signs with; undefined while its Secret is missing or incomplete. */
export function issuerKeyPair(objects: ObjectStore, issuer: KubeObject): KeyPair | undefined {
  const secret = objects.get('Secret', secretNamespace(issuer), issuer.spec.ca?.secretName ?? '')
  const pair = { crt: decoded(secret, 'tls.crt'), key: decoded(secret, 'tls.key') }
  return pair.crt === '' || pair.key === '' ? undefined : pair
}

/** The Secrets with the tokens that an ACME issuer's DNS solvers need. */
const tokensOf = (issuer: KubeObject): { name: string; key: string }[] =>
  (issuer.spec.acme?.solvers ?? []).flatMap(({ dns01 }: Spec) =>
    Object.values((dns01 ?? {}) as Record<string, Spec>).flatMap((provider) => provider?.apiTokenSecretRef ?? []),
  )

async function registerAccount({ objects }: ControllerContext, issuer: KubeObject): Promise<void> {
  const name = issuer.spec.acme.privateKeySecretRef?.name
  const namespace = secretNamespace(issuer)
  if (name === undefined || objects.get('Secret', namespace, name) !== undefined) return
  const { key } = await createCa({ organization: 'account', algorithm: 'p256' })
  const data = { 'tls.key': Buffer.from(key).toString('base64') }
  objects.create({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name, namespace }, data })
}

async function judgeAcme(context: ControllerContext, issuer: KubeObject): Promise<Verdict> {
  const failed = (message: string): Verdict => ({ ready: false, reason: 'ErrInitIssuer', message })
  for (const { name, key } of tokensOf(issuer)) {
    const secret = context.objects.get('Secret', secretNamespace(issuer), name)
    if (secret === undefined) return failed(`secrets "${name}" not found`)
    if (!secret.data?.[key])
      return failed(`specified key "${key}" not found in secret ${secretNamespace(issuer)}/${name}`)
  }
  if (!context.moments.reached(issuer, 'registered', 2000)) return failed('registering the ACME account')
  await registerAccount(context, issuer)
  const message = 'The ACME account was registered with the ACME server'
  return { ready: true, reason: 'ACMEAccountRegistered', message }
}

async function judge(context: ControllerContext, issuer: KubeObject): Promise<Verdict> {
  if (issuer.spec.acme !== undefined) return judgeAcme(context, issuer)
  if (issuer.spec.selfSigned !== undefined) return { ready: true, reason: 'IsReady', message: '' }
  if (issuer.spec.ca === undefined) return { ready: false, reason: 'NotSupported', message: 'no issuer specified' }
  if (issuerKeyPair(context.objects, issuer) !== undefined) {
    return { ready: true, reason: 'KeyPairVerified', message: 'Signing CA verified' }
  }
  const message = `Error getting keypair for CA issuer: secrets "${issuer.spec.ca.secretName}" not found`
  return { ready: false, reason: 'ErrGetKeyPair', message }
}

/** Says of each Issuer and ClusterIssuer whether it can sign. */
export async function reconcileIssuers(context: ControllerContext): Promise<void> {
  const { objects, clock } = context
  for (const issuer of [...objects.list('ClusterIssuer'), ...objects.list('Issuer')]) {
    const { ready, reason, message } = await judge(context, issuer)
    const condition: Condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason,
      message,
      observedGeneration: issuer.metadata.generation,
    }
    const conditions = withCondition(issuer.status?.conditions, condition, clock.now())
    objects.updateStatus(issuer, { ...issuer.status, conditions })
  }
}
