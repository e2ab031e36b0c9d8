import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { asWildError, WildError } from '../../../platform/errors.ts'
import { readKubernetesNodes } from '../kubernetes-nodes.ts'
import type { SetupWorld } from './world.ts'

/** 10 minutes: a new node pulls its first images. */
const attempts = 300
const intervalMs = 2_000

async function look(w: SetupWorld, ctx: StepContext): Promise<void> {
  let objects: unknown[]
  try {
    objects = await w.kubectl(ctx).get('nodes', { repeated: true })
  } catch (error) {
    const failure = asWildError(error)
    if (failure.code === 'TOOL_MISSING' || failure.code === 'INTERNAL' || ctx.signal.aborted) throw error
    throw new NotYet(failure.message)
  }
  const node = readKubernetesNodes(objects).find(({ name }) => name === w.node)
  if (!node) throw new NotYet('it has not joined yet')
  if (!node.ready) throw new NotYet(node.reason)
}

/** Waits until Kubernetes has the node and calls it ready. There is nothing to verify before the cluster is bootstrapped. */
export function verifyMembership(w: SetupWorld): Step {
  return {
    name: 'verify-membership',
    title: 'Verifying membership',
    weight: 2,
    timeoutMs: 25 * 60_000,
    async done(ctx) {
      if (!(await exists(w.places.kubeconfig))) return 'the cluster is not bootstrapped yet'
      try {
        await look(w, ctx)
        return `${w.node} is a ready member`
      } catch (error) {
        if (error instanceof NotYet) return false
        throw error
      }
    },
    async run(ctx) {
      try {
        await ctx.waitFor({
          what: `${w.node} to be ready in Kubernetes`,
          attempts,
          intervalMs,
          look: () => look(w, ctx),
        })
        ctx.say(`${w.node} is a ready member`)
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
