import { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { instanceName } from '../../../platform/names.ts'
import { createKubectl } from '../../../tools/kubectl.ts'
import { certificateStep } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'

export const copyInput = z.strictObject({ instance: instanceName })
export type CopyInput = z.output<typeof copyInput>

/** `service.copy-certificates`: the wildcard certificates, next to every ingress in the cluster that uses them. */
export function copyCertificates(deps: InstallDeps): OperationDefinition<CopyInput> {
  return {
    type: 'service.copy-certificates',
    title: ({ instance }) => `Copy certificates in ${instance}`,
    input: copyInput,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    locks: ({ instance }) => [`instances/${instance}/certificates`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse({ instance }) {
      await deps.instances.require(instance)
      if (!(await exists(deps.instances.paths(instance).kubeconfig)))
        throw new WildError('CONFLICT', `The cluster of ${instance} is not bootstrapped yet.`, {
          hint: 'wild-cli cluster bootstrap',
        })
    },
    steps({ instance }) {
      const { kubeconfig, home } = deps.instances.paths(instance)
      const kubectl = (ctx: { run: InstallDeps['reads'] }) => createKubectl(ctx.run, { kubeconfig, home })
      return [
        certificateStep({
          name: 'copies',
          kubectl,
          objects: (ctx) => kubectl(ctx).get('ingress', { allNamespaces: true }),
        }),
      ]
    },
  }
}
