import type { Step, StepContext } from '../../operations/define.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { secretData, stateOf } from './model.ts'

/** Namespace in which cert-manager keeps the wildcard certificates. */
const source = 'cert-manager'
const wildcards = ['wildcard-wild-cloud-tls', 'wildcard-internal-wild-cloud-tls']

/** Copies an Ingress needs: it can only use a Secret of its own namespace. */
export interface CertificateCopy {
  secret: string
  namespace: string
}

/** The wildcard certificates that the ingresses among these objects name. */
export function copiesFor(objects: KubeObject[]): CertificateCopy[] {
  const copies = objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap((ingress) =>
      ((ingress.spec?.tls ?? []) as { secretName?: string }[]).map(({ secretName }) => ({
        secret: secretName ?? '',
        namespace: ingress.metadata.namespace ?? '',
      })),
    )
    .filter(({ secret, namespace }) => wildcards.includes(secret) && namespace !== '' && namespace !== source)
  return [...new Map(copies.map((copy) => [`${copy.namespace}/${copy.secret}`, copy])).values()]
}

/** One step that puts the wildcard certificates next to the ingresses that use them. An absent one is a warning: the app works, unencrypted names warn. */
export function certificateStep(set: {
  name: string
  kubectl(ctx: StepContext): Kubectl
  objects(ctx: StepContext): Promise<KubeObject[]>
}): Step {
  async function missing(ctx: StepContext): Promise<{ wanted: KubeObject[]; absent: string[] }> {
    const kubectl = set.kubectl(ctx)
    const wanted: KubeObject[] = []
    const absent: string[] = []
    for (const { secret, namespace } of copiesFor(await set.objects(ctx))) {
      const [original] = await kubectl.get('secret', { name: secret, namespace: source })
      if (!original) {
        absent.push(secret)
        continue
      }
      ctx.hide(Object.values(secretData(original)).flatMap((value) => [value, Buffer.from(value, 'base64').toString()]))
      const copy: KubeObject = {
        apiVersion: 'v1',
        kind: 'Secret',
        type: original.type,
        metadata: { name: secret, namespace, labels: { managedBy: 'wild-central' } },
        data: secretData(original),
      }
      const [live] = await kubectl.get('secret', { name: secret, namespace })
      if (stateOf(copy, live) !== 'same') wanted.push(copy)
    }
    return { wanted, absent }
  }

  return {
    name: set.name,
    title: 'Copying certificates',
    async done(ctx) {
      const { wanted, absent } = await missing(ctx)
      return wanted.length === 0 && absent.length === 0
    },
    async run(ctx) {
      const { wanted, absent } = await missing(ctx)
      await set.kubectl(ctx).apply(wanted)
      for (const secret of absent)
        ctx.warn(
          `The certificate ${secret} is not there yet, so browsers will warn. Install cert-manager, then run this again.`,
        )
    },
  }
}
