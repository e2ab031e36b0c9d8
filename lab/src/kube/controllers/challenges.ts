import type { KubeObject } from '../objects.ts'
import type { ControllerContext } from './context.ts'
import { nameHash } from './owners.ts'

/** What a Cloudflare token begins with that Cloudflare refuses: the lab's way to order that fault. */
const refusedPrefix = 'refused'

/** The token the DNS challenges of an ACME issuer are answered with. */
function tokenOf({ objects }: ControllerContext, issuer: KubeObject): string | undefined {
  for (const { dns01 } of issuer.spec.acme?.solvers ?? []) {
    const { name, key } = dns01?.cloudflare?.apiTokenSecretRef ?? {}
    const data = name === undefined ? undefined : objects.get('Secret', 'cert-manager', name)?.data?.[key]
    if (data !== undefined) return Buffer.from(data, 'base64').toString()
  }
  return undefined
}

/**
 * Whether the DNS challenges of a certificate cannot be answered because Cloudflare refuses the token. They then stand
 * there with the reason, as cert-manager leaves them; once the token is taken they are gone.
 */
export function challengesFail(context: ControllerContext, certificate: KubeObject, issuer: KubeObject): boolean {
  const { objects } = context
  const { namespace, name } = certificate.metadata
  const challenge = `${name}-1-${nameHash(`${namespace}/${name}`, 10)}`
  const known = objects.get('Challenge', namespace, challenge)
  if (!tokenOf(context, issuer)?.startsWith(refusedPrefix)) {
    if (known !== undefined) objects.delete('Challenge', namespace, challenge)
    return false
  }
  const zone = issuer.spec.acme.solvers[0]?.selector?.dnsZones?.[0] ?? ''
  const reason = `Cloudflare API Error for GET "/zones?name=${zone}" \n\t Error: 9109: Invalid access token`
  const made =
    known ??
    objects.create({
      apiVersion: 'acme.cert-manager.io/v1',
      kind: 'Challenge',
      metadata: { name: challenge, namespace },
      spec: { dnsName: certificate.spec.dnsNames?.[0], type: 'DNS-01', issuerRef: certificate.spec.issuerRef },
    })
  objects.updateStatus(made, { presented: false, processing: true, state: 'pending', reason })
  return true
}
