import { z } from 'zod'
import type { OperationDefinition, Step, StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import { instanceName } from '../../../platform/names.ts'
import { createKubectl, type KubeObject } from '../../../tools/kubectl.ts'
import { secretCopy, stateOf, valuesOf } from '../../objects/index.ts'
import type { ClusterDeps } from '../deps.ts'

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const namespace = z.string().regex(label, 'This is no name of a namespace: lower-case letters, digits and "-".')

const input = z.strictObject({
  instance: instanceName,
  source: z
    .string()
    .regex(/^[a-z0-9][-a-z0-9]*:[a-z0-9][-.a-z0-9]*$/, 'Write it as NAMESPACE:SECRET, such as cert-manager:my-tls.'),
  namespaces: z.array(namespace).min(1, 'Name at least one namespace.').max(50, 'At most 50 namespaces.'),
})
export type SecretCopyInput = z.output<typeof input>

/**
 * Copies a Kubernetes Secret to other namespaces. It is read first: an absent one is a refusal, never the end of the
 * copies that are there (facts/poc-behaviour.md 6.2).
 */
export function secretCopyOperation(deps: ClusterDeps): OperationDefinition<SecretCopyInput> {
  const places = (instance: string) => deps.paths.instance(instance)
  const kubectl = (ctx: StepContext, instance: string) => {
    const { kubeconfig, home } = places(instance)
    return createKubectl(ctx.run, { kubeconfig, home })
  }

  async function original(ctx: StepContext, { instance, source }: SecretCopyInput): Promise<KubeObject> {
    const [from, name] = source.split(':') as [string, string]
    const [secret] = await kubectl(ctx, instance).get('secret', { name, namespace: from })
    if (!secret) throw notFound(`Secret in the namespace ${from}`, name)
    ctx.hide(valuesOf(secret))
    return secret
  }

  function copyStep(given: SecretCopyInput, to: string): Step {
    const [, name] = given.source.split(':')
    return {
      name: `copy-to-${to}`,
      title: `Copying ${name} to ${to}`,
      async needs(ctx) {
        await original(ctx, given)
        const [there] = await kubectl(ctx, given.instance).get('namespace', { name: to })
        if (!there) throw notFound('namespace in the cluster', to)
      },
      async done(ctx) {
        const [live] = await kubectl(ctx, given.instance).get('secret', { name, namespace: to })
        return stateOf(secretCopy(await original(ctx, given), to), live) === 'same'
      },
      run: async (ctx) => kubectl(ctx, given.instance).apply([secretCopy(await original(ctx, given), to)]),
      plan: async () => [{ kind: 'object', text: `Secret ${to}/${name}, as ${given.source.replace(':', '/')}` }],
    }
  }

  return {
    type: 'cluster.copy-secret',
    tools: ['kubectl'],
    title: ({ source, namespaces }) => `Copy the Secret ${source} to ${namespaces.join(', ')}`,
    input,
    instance: ({ instance }) => instance,
    target: ({ source }) => source,
    locks: ({ instance }) => [`instances/${instance}/secret-copies`],
    async refuse({ instance }) {
      await deps.instances.require(instance)
      if (await exists(places(instance).kubeconfig)) return
      throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
        hint: 'wild-cli cluster bootstrap',
      })
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    steps: (given) => [...new Set(given.namespaces)].map((to) => copyStep(given, to)),
  }
}
