import { z } from 'zod'
import type { OperationDefinition, Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { instanceName } from '../../../platform/names.ts'
import { appliedControlPlanes, type NodeRecord, whoAnswers } from '../../nodes/index.ts'
import { fetchKubeconfig } from '../bootstrap/fetch-kubeconfig.ts'
import { type BootstrapWorld, bootstrapWorld, chooseNode, vipOf } from '../bootstrap/world.ts'
import type { ClusterDeps } from '../deps.ts'
import { etcdOn } from '../look.ts'
import { accessKinds } from './model.ts'
import { renewTalosconfig } from './renew-talosconfig.ts'

const input = z.strictObject({
  instance: instanceName,
  /** Only this one. */
  only: z.enum(accessKinds).optional(),
  /** Make them anew although they last. */
  fresh: z.boolean().default(false),
})
export type RenewInput = z.output<typeof input>

/** The control plane to ask: the first that answers, else the first. */
async function whomToAsk(records: NodeRecord[]): Promise<NodeRecord> {
  const planes = appliedControlPlanes(records)
  const [first] = (await whoAnswers(planes)).awake
  return chooseNode(records, (first ?? planes[0])?.name)
}

/** A machine hands out a kubeconfig before there is a cluster; it would pretend that there is one. */
function onlyOfCluster(w: BootstrapWorld, step: Step): Step {
  return {
    ...step,
    async needs(ctx) {
      const facts = await Promise.all(w.controlPlanes.map((record) => etcdOn(ctx.run, w.places, record)))
      if (facts.some(({ running }) => running)) return
      throw new WildError(
        'CLUSTER_UNREACHABLE',
        `No control plane of ${w.instance} has a running etcd, so there is no cluster to get a kubeconfig for. Switch the machines on, or bootstrap the cluster.`,
        { hint: 'wild-cli cluster health' },
      )
    },
  }
}

/** Renews what gives access to machines and Kubernetes. Nothing of the cluster changes, and what lasts is left alone. */
export function renewAccessOperation(deps: ClusterDeps): OperationDefinition<RenewInput> {
  return {
    type: 'cluster.renew-access',
    tools: ['talosctl'],
    title: ({ instance, only }) => `Renew ${only ?? 'kubeconfig and talosconfig'} of ${instance}`,
    input: input as z.ZodType<RenewInput>,
    instance: ({ instance }) => instance,
    target: ({ only }) => only,
    locks: ({ instance }) => [`instances/${instance}/cluster`],
    async refuse({ instance }) {
      await deps.instances.require(instance)
      chooseNode(await deps.nodes.records(instance))
      await vipOf(deps, instance)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async steps({ instance, only, fresh }) {
      const node = await whomToAsk(await deps.nodes.records(instance))
      const w = await bootstrapWorld(deps, instance, node.name)
      const name = String((await deps.config.get(instance, 'cluster.name')) ?? instance)
      return [
        ...(only === 'kubeconfig' ? [] : [renewTalosconfig(w, { name, fresh })]),
        ...(only === 'talosconfig' ? [] : [onlyOfCluster(w, fetchKubeconfig(w, { fresh }))]),
      ]
    },
  }
}
