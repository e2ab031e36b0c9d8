import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { isGone, type RemoveWorld } from './world.ts'

const drainSeconds = 300

/** Why there is nothing to do for the pods; undefined when there may be. */
async function without(w: RemoveWorld, ctx: StepContext): Promise<string | undefined> {
  if (w.gone) return isGone
  if (!(await w.bootstrapped())) return 'the cluster is not bootstrapped'
  if ((await w.record()).removing) return 'it was told to reset'
  if (!(await w.kubernetesNode(ctx))) return 'Kubernetes does not have it'
  return undefined
}

/** Keeps new pods off the node. */
export function cordonNode(w: RemoveWorld): Step {
  return {
    name: 'cordon',
    title: 'Keeping new pods off it',
    tries: 3,
    async done(ctx) {
      const nothing = await without(w, ctx)
      return nothing ?? Boolean((await w.kubernetesNode(ctx))?.spec?.unschedulable)
    },
    run: (ctx) => w.kubectl(ctx).cordon(w.node),
    plan: async () => [{ kind: 'command', text: `kubectl cordon ${w.node}` }],
  }
}

/** Pods that have to move: neither static nor of a daemon set, and not finished. */
function movable({ metadata, status }: KubeObject): boolean {
  const owners = (metadata.ownerReferences ?? []) as { kind: string }[]
  const fixed = metadata.annotations?.['kubernetes.io/config.mirror'] || owners.some(({ kind }) => kind === 'DaemonSet')
  return !fixed && !['Succeeded', 'Failed'].includes(status?.phase)
}

/** Moves the node's pods to others, as their owners decide. */
export function drainNode(w: RemoveWorld): Step {
  async function pods(ctx: StepContext): Promise<KubeObject[]> {
    const all = await w.kubectl(ctx).get('pods', { allNamespaces: true })
    return all.filter((pod) => pod.spec?.nodeName === w.node && movable(pod))
  }
  return {
    name: 'drain',
    title: 'Moving its pods to other nodes',
    weight: 3,
    timeoutMs: (drainSeconds + 60) * 1_000,
    async done(ctx) {
      if (!w.drain) return 'left out as asked'
      return (await without(w, ctx)) ?? ((await pods(ctx)).length === 0 && 'no pod has to move')
    },
    async run(ctx) {
      const moving = await pods(ctx)
      ctx.say(`${moving.length} ${moving.length === 1 ? 'pod has' : 'pods have'} to move`)
      try {
        await w.kubectl(ctx).drain(w.node, drainSeconds)
      } catch (error) {
        if (!(error instanceof WildError) || (error.code !== 'TOOL_FAILED' && error.code !== 'TIMEOUT')) throw error
        const left = await pods(ctx).catch(() => moving)
        const names = left.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
        const hint = `wild-cli ${w.asked} ${w.node} --no-drain`
        throw new WildError(
          'CONFLICT',
          `Some pods of ${w.node} cannot move: ${names.join(', ') || 'see the output'}. Is there room on the other nodes? Nothing else was changed; ${w.node} takes no new pods until kubectl uncordon ${w.node}. To end these pods instead of moving them: ${hint}`,
          { ...error.details, node: w.node, pods: names, hint },
          { cause: error },
        )
      }
    },
    plan: async () => [{ kind: 'command', text: `kubectl drain ${w.node} --ignore-daemonsets --delete-emptydir-data` }],
  }
}
