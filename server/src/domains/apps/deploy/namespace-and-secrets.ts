import type { Step, StepContext } from '../../../operations/define.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { keyOf, stateOf, withHash } from '../../objects/index.ts'
import type { AppWorld } from './world.ts'

/** The app's namespace, and its secrets in one Secret `<app>-secrets` whose keys are the full paths (design 12.4). By standard input. */
export function namespaceAndSecrets(w: AppWorld): Step {
  const { manifest, namespace } = w

  async function secret(): Promise<KubeObject | undefined> {
    const data: Record<string, string> = {}
    for (const { path } of manifest.secrets) {
      const value = await w.deps.secrets.value(w.instance, path)
      if (value) data[path] = Buffer.from(value).toString('base64')
    }
    if (Object.keys(data).length === 0) return undefined
    const labels = { app: manifest.name, managedBy: 'wild-central', partOf: 'wild-cloud' }
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: `${manifest.name}-secrets`, namespace, labels },
      data,
    }
  }

  async function differing(ctx: StepContext): Promise<KubeObject[]> {
    const kubectl = w.kubectl(ctx)
    const own = (await w.objects(ctx)).find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace)
    const wanted = own ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
    const [liveNamespace] = await kubectl.get('namespace', { name: namespace })
    const found = liveNamespace && !liveNamespace.metadata.deletionTimestamp ? [] : [withHash(wanted)]
    const keys = await secret()
    if (!keys) return found
    const [live] = await kubectl.get('secret', { name: keys.metadata.name, namespace })
    return stateOf(keys, live) === 'same' ? found : [...found, keys]
  }

  return {
    name: 'secrets',
    title: 'Namespace and secrets',
    done: async (ctx) => (await differing(ctx)).length === 0,
    plan: async (ctx) =>
      (await differing(ctx)).map((object) => ({ kind: 'object' as const, text: `${keyOf(object)} would be applied` })),
    run: async (ctx) => w.kubectl(ctx).apply(await differing(ctx)),
  }
}
