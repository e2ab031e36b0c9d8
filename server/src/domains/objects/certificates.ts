import type { Step, StepContext } from '../../operations/define.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { keyOf, stateOf } from './model.ts'
import { secretCopy, valuesOf } from './secret-copy.ts'

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

/** Wildcard certificates and their copies, compared. */
export interface WildcardCopies {
  /** How many copies there should be. */
  wanted: number
  /** Copies as they should be that are not there, or are of an older certificate. */
  stale: KubeObject[]
  /** Certificates that are needed and not issued yet. */
  absent: string[]
}

/** Compares the copies that the ingresses among these objects need with what cert-manager holds. `hide` gets what must not be seen. */
export async function wildcardCopies(
  kubectl: Kubectl,
  objects: KubeObject[],
  hide: (values: string[]) => void = () => {},
): Promise<WildcardCopies> {
  const copies = copiesFor(objects)
  const stale: KubeObject[] = []
  const absent = new Set<string>()
  for (const { secret, namespace } of copies) {
    const [original] = await kubectl.get('secret', { name: secret, namespace: source })
    if (!original) {
      absent.add(secret)
      continue
    }
    hide(valuesOf(original))
    const copy = secretCopy(original, namespace)
    const [live] = await kubectl.get('secret', { name: secret, namespace })
    if (stateOf(copy, live) !== 'same') stale.push(copy)
  }
  return { wanted: copies.length, stale, absent: [...absent] }
}

/** One step that puts the wildcard certificates next to the ingresses that use them. An absent one is a warning: the app works, unencrypted names warn. */
export function certificateStep(set: {
  name: string
  kubectl(ctx: StepContext): Kubectl
  objects(ctx: StepContext): Promise<KubeObject[]>
}): Step {
  const look = async (ctx: StepContext) =>
    wildcardCopies(set.kubectl(ctx), await set.objects(ctx), (values) => ctx.hide(values))

  return {
    name: set.name,
    title: 'Copying certificates',
    async done(ctx) {
      const { stale, absent } = await look(ctx)
      return stale.length === 0 && absent.length === 0
    },
    plan: async (ctx) =>
      (await look(ctx)).stale.map((copy) => ({ kind: 'object' as const, text: `${keyOf(copy)} would be applied` })),
    async run(ctx) {
      const { stale, absent } = await look(ctx)
      await set.kubectl(ctx).apply(stale)
      for (const secret of absent)
        ctx.warn(
          `The certificate ${secret} is not there yet, so browsers will warn. Install cert-manager, then run this again.`,
        )
    },
  }
}
