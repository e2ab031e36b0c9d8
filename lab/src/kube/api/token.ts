import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto'
import { parseBody } from './body.ts'
import type { ApiAnswer, ApiContext, ApiRequest, Caller } from './context.ts'
import { existing } from './read.ts'
import { invalid, invalidValue } from './status.ts'

const issuer = 'https://kubernetes.default.svc.cluster.local'
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function signature(key: KeyObject): { alg: string; digest: string | null; options: { dsaEncoding?: 'ieee-p1363' } } {
  if (key.asymmetricKeyType === 'rsa') return { alg: 'RS256', digest: 'sha256', options: {} }
  if (key.asymmetricKeyType === 'ec') return { alg: 'ES256', digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } }
  return { alg: 'EdDSA', digest: null, options: {} }
}

/** POST to a service account's `token`: a signed token that lasts as long as was asked for. */
export async function issueToken(context: ApiContext, request: ApiRequest): Promise<ApiAnswer> {
  const account = existing(context, request)
  const asked = ((await parseBody(request)) ?? {}) as { spec?: { expirationSeconds?: number; audiences?: string[] } }
  const seconds = asked.spec?.expirationSeconds ?? 3600
  if (seconds < 600)
    throw invalid({ ...request.resource, kind: 'TokenRequest', group: 'authentication.k8s.io' }, '', [
      invalidValue('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'),
    ])
  const audiences = asked.spec?.audiences ?? [issuer]
  const { name, namespace, uid } = account.metadata
  const issued = Math.floor(context.clock.now() / 1000)
  const claims = {
    aud: audiences,
    exp: issued + seconds,
    iat: issued,
    nbf: issued,
    iss: issuer,
    jti: randomUUID(),
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  const key = createPrivateKey(context.cluster().ca.key)
  const { alg, digest, options } = signature(key)
  const content = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`
  const token = `${content}.${sign(digest, Buffer.from(content), { key, ...options }).toString('base64url')}`
  const expirationTimestamp = `${new Date((issued + seconds) * 1000).toISOString().slice(0, 19)}Z`
  const body = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: `${new Date(context.clock.now()).toISOString().slice(0, 19)}Z` },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
    status: { token, expirationTimestamp },
  }
  return { code: 201, body }
}

/** Who a bearer token belongs to; undefined when it is foreign, expired, or its service account is gone. */
export function tokenCaller(context: ApiContext, token: string): Caller | undefined {
  const [header = '', payload = '', given = ''] = token.split('.')
  try {
    const key = createPublicKey(context.cluster().ca.crt)
    const { digest, options } = signature(key)
    if (!verify(digest, Buffer.from(`${header}.${payload}`), { key, ...options }, Buffer.from(given, 'base64url')))
      return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const { namespace, serviceaccount } = claims['kubernetes.io'] as {
      namespace: string
      serviceaccount: { name: string; uid: string }
    }
    const account = context.objects.get('ServiceAccount', namespace, serviceaccount.name)
    if (account?.metadata.uid !== serviceaccount.uid || Number(claims.exp) * 1000 < context.clock.now())
      return undefined
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
    return { name: String(claims.sub), groups }
  } catch {
    return undefined
  }
}
