import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { ServiceManifest } from '../../catalog/index.ts'
import { readKubernetesNodes } from '../../nodes/index.ts'
import type { ServiceWorld } from './world.ts'

/** Whether this manifest asks something of the cluster it goes into. */
export const asksOfCluster = ({ kubernetes, follows }: ServiceManifest): boolean =>
  (kubernetes ?? follows) !== undefined

/** `v1.13.0` → [1, 13]; undefined for what is no version. */
function minorOf(text: string | undefined): [number, number] | undefined {
  const found = /^v?(\d+)\.(\d+)\b/.exec(text ?? '')
  return found ? [Number(found[1]), Number(found[2])] : undefined
}

/** Below 0 when the minor version of `one` is older; 0 also when one of them tells none. */
function compareMinors(one: string | undefined, other: string | undefined): number {
  const [mine, theirs] = [minorOf(one), minorOf(other)]
  return mine && theirs ? mine[0] - theirs[0] || mine[1] - theirs[1] : 0
}

/** The oldest Kubernetes a part of the cluster runs. */
async function oldestKubernetes(w: ServiceWorld, ctx: StepContext): Promise<string | undefined> {
  const kubectl = w.kubectl(ctx)
  const { server } = await kubectl.version()
  const kubelets = readKubernetesNodes(await kubectl.get('nodes')).map(({ kubeletVersion }) => kubeletVersion)
  return [server, ...kubelets].filter((version) => version !== undefined && version !== '').sort(compareMinors)[0]
}

/** The version of the service that the cluster runs: the tag of the image of what `follows` names. */
async function running(w: ServiceWorld, ctx: StepContext): Promise<string | undefined> {
  const { namespace, follows } = w.entry.manifest
  const [found] = await w.kubectl(ctx).get(follows!.kind, { name: follows!.name, namespace })
  return /:([^/:@]+)(?:@|$)/.exec(found?.spec?.template?.spec?.containers?.[0]?.image ?? '')?.[1]
}

/** Refuses, before anything is written, what this version cannot do: run on the Kubernetes that is there, or take the place of the version that is. */
export function fitsStep(w: ServiceWorld): Step {
  const { title, version, kubernetes, follows } = w.entry.manifest

  async function requireKubernetes(ctx: StepContext): Promise<void> {
    if (kubernetes === undefined) return
    const oldest = await oldestKubernetes(w, ctx)
    if (compareMinors(oldest, kubernetes) >= 0) return
    throw new WildError(
      'CONFLICT',
      `${title} ${version} needs Kubernetes ${kubernetes}, and this cluster runs ${oldest}.`,
      {
        hint: 'wild-cli cluster upgrade --kubernetes VERSION --plan',
      },
    )
  }

  async function requireVersion(ctx: StepContext): Promise<void> {
    if (follows === undefined) return
    const now = await running(w, ctx)
    if (compareMinors(now, version) > 0)
      throw new WildError(
        'CONFLICT',
        `${title} ${now} runs in this cluster. It never goes back to an older version, and the catalog has ${version}.`,
      )
    if (compareMinors(now, follows.oldest) < 0)
      throw new WildError(
        'CONFLICT',
        `${title} ${now} runs in this cluster, and ${version} takes the place of ${follows.oldest} or later only. Bring it up to that first, one minor version after the other, as its makers describe; it goes on running meanwhile.`,
      )
  }

  return {
    name: 'fits',
    title: `Looking whether ${title} ${version} fits the cluster`,
    weight: 0,
    async needs(ctx) {
      await requireKubernetes(ctx)
      await requireVersion(ctx)
    },
    done: () => 'it does',
    run: async () => undefined,
  }
}
