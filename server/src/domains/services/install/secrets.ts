import type { Step, StepContext } from '../../../operations/define.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { clusterSecretsOf } from '../../catalog/index.ts'
import { keyOf, stateOf } from '../../objects/index.ts'
import type { ServiceWorld } from './world.ts'

/** The Kubernetes Secrets a service declares, by standard input, in a namespace that is made first when it is not there. */
export function deploySecrets(w: ServiceWorld): Step {
  const { manifest } = w.entry

  async function wanted(): Promise<KubeObject[]> {
    const secrets: KubeObject[] = []
    for (const { name, namespace, keys } of clusterSecretsOf(manifest)) {
      const data: Record<string, string> = {}
      for (const [key, path] of Object.entries(keys)) {
        const value = await w.deps.secrets.value(w.instance, path)
        if (value) data[key] = Buffer.from(value).toString('base64')
      }
      if (Object.keys(data).length)
        secrets.push({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'Opaque',
          metadata: { name, namespace, labels: { managedBy: 'wild-central' } },
          data,
        })
    }
    return secrets
  }

  async function differing(ctx: StepContext): Promise<KubeObject[]> {
    const kubectl = w.kubectl(ctx)
    const found: KubeObject[] = []
    for (const secret of await wanted()) {
      const [live] = await kubectl.get('secret', { name: secret.metadata.name, namespace: secret.metadata.namespace })
      if (stateOf(secret, live) !== 'same') found.push(secret)
    }
    return found
  }

  return {
    name: 'secrets',
    title: 'Handing over secrets',
    async done(ctx) {
      if ((await wanted()).length === 0) return 'none are set'
      return (await differing(ctx)).length === 0
    },
    plan: async (ctx) =>
      (await differing(ctx)).map((secret) => ({ kind: 'object' as const, text: `${keyOf(secret)} would be applied` })),
    async run(ctx) {
      const kubectl = w.kubectl(ctx)
      const secrets = await differing(ctx)
      for (const name of new Set(secrets.map(({ metadata }) => metadata.namespace!))) {
        const [there] = await kubectl.get('namespace', { name })
        if (!there) await kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
      }
      await kubectl.apply(secrets)
    },
  }
}
