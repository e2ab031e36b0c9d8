import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { asWildError, WildError } from '../../../platform/errors.ts'
import { readKubernetesNodes } from '../kubernetes-nodes.ts'
import { isClusterEmpty } from './empty-cluster.ts'
import type { SetupWorld } from './world.ts'

/** 10 minutes: a new node pulls its first images. */
const attempts = 300
const intervalMs = 2_000

const nothingToJoin =
  'no control plane holds data of the cluster yet: put back what it held (wild-cli cluster etcd-snapshot restore NAME), or begin with an empty one (wild-cli cluster bootstrap)'

/** How far the node is: a member, or as far as it can be. Throws NotYet with the reason. */
async function look(w: SetupWorld, ctx: StepContext): Promise<string> {
  let objects: unknown[]
  try {
    objects = await w.kubectl(ctx).get('nodes', { repeated: true })
  } catch (error) {
    const failure = asWildError(error)
    if (failure.code === 'TOOL_MISSING' || failure.code === 'INTERNAL' || ctx.signal.aborted) throw error
    if (await isClusterEmpty(w, ctx)) return nothingToJoin
    throw new NotYet(failure.message)
  }
  const node = readKubernetesNodes(objects).find(({ name }) => name === w.node)
  if (!node) throw new NotYet('it has not joined yet')
  if (!node.ready) throw new NotYet(node.reason)
  return `${w.node} is a ready member`
}

/**
 * Waits until Kubernetes has the node and calls it ready. There is nothing to verify before the cluster is bootstrapped, or
 * restored on machines that were wiped.
 */
export function verifyMembership(w: SetupWorld): Step {
  return {
    name: 'verify-membership',
    title: 'Verifying membership',
    weight: 2,
    timeoutMs: 25 * 60_000,
    async done(ctx) {
      if (!(await exists(w.places.kubeconfig))) return 'the cluster is not bootstrapped yet'
      try {
        return await look(w, ctx)
      } catch (error) {
        if (error instanceof NotYet) return false
        throw error
      }
    },
    async run(ctx) {
      try {
        const reached = await ctx.waitFor({
          what: `${w.node} to be ready in Kubernetes`,
          attempts,
          intervalMs,
          look: () => look(w, ctx),
        })
        ctx.say(reached)
      } catch (error) {
        if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
        throw new WildError(
          'TIMEOUT',
          `${error.message} ${w.node} runs, but is no ready member of the cluster; wild-cli cluster health may say why.`,
          { ...error.details, node: w.node },
          { cause: error },
        )
      }
    },
  }
}
