import { NotYet, type Step, type StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { vipOf } from '../../bootstrap/world.ts'
import type { ClusterFacts } from '../../facts.ts'
import { lostMajority } from '../../health.ts'
import { lookAtCluster } from '../../look.ts'
import type { ChangeWorld } from '../world.ts'

/** 4 minutes: a machine that still restarts from before comes back meanwhile. */
const spareAttempts = 120
/** 15 minutes: a restart, images pulled anew, etcd catching up. */
const settleAttempts = 450
const intervalMs = 2_000

function etcdTrouble(facts: ClusterFacts, without?: string): string | undefined {
  const others = facts.etcd.filter(({ node }) => node !== without)
  const bad = others.filter(({ healthy }) => !healthy).map(({ node }) => node)
  if (bad.length) return `etcd is not healthy on ${bad.join(', ')}`
  return undefined
}

/** Why the cluster is not well, leaving one node out of it; undefined when it is. */
export function whyNotWell(facts: ClusterFacts, without?: string): string | undefined {
  const lost = lostMajority(facts)
  if (lost) return lost
  if (!facts.vipAnswers && !facts.apiReady) return `nobody answers at ${facts.vip}:6443`
  if (!facts.apiReady) return `the API server is not ready${facts.apiProblem ? ` (${facts.apiProblem})` : ''}`
  if (!facts.nodes) return 'the nodes cannot be listed'
  const nodes = facts.nodes
  const missing = facts.expected.filter((name) => name !== without && !nodes.some((node) => node.name === name))
  if (missing.length) return `${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} not joined`
  const bad = nodes.filter(({ name, ready }) => name !== without && !ready)
  if (bad.length) return bad.map(({ name, reason }) => `${name} is not ready (${reason})`).join(', ')
  return etcdTrouble(facts, without)
}

async function look(w: ChangeWorld, ctx: StepContext): Promise<ClusterFacts> {
  return lookAtCluster(w.deps, w.instance, ctx.run, await vipOf(w.deps, w.instance))
}

/** Waits until nothing is the trouble any more; throws what `failure` makes of the last trouble when that takes too long. */
async function untilNothing(
  ctx: StepContext,
  trouble: (ctx: StepContext) => Promise<string | undefined>,
  what: string,
  attempts: number,
  failure: (reason: string, cause: WildError) => WildError,
): Promise<void> {
  const look = async () => {
    const reason = await trouble(ctx)
    if (reason) throw new NotYet(reason)
  }
  try {
    await ctx.waitFor({ what, attempts, intervalMs, look })
  } catch (error) {
    if (!(error instanceof WildError) || error.code !== 'TIMEOUT') throw error
    throw failure((await trouble(ctx)) ?? error.message, error)
  }
}

/**
 * The gate before a node goes down: the rest of the cluster is well, so that etcd keeps its majority and there is room for
 * its pods. `unneeded` tells why the node does not go down at all.
 */
export function waitUntilSpare(
  w: ChangeWorld,
  node: string,
  unneeded: (ctx: StepContext) => Promise<string | false>,
): Step {
  const trouble = async (ctx: StepContext) => whyNotWell(await look(w, ctx), node)
  return {
    name: 'spare',
    title: `Looking whether the cluster can spare ${node}`,
    timeoutMs: 15 * 60_000,
    async done(ctx) {
      const reason = await unneeded(ctx)
      if (reason) return reason
      return !(await trouble(ctx)) && 'everything else is well'
    },
    async run(ctx) {
      await untilNothing(ctx, trouble, 'the rest of the cluster to be well', spareAttempts, (reason, cause) => {
        return new WildError(
          'CONFLICT',
          `${node} is left as it is, because the cluster cannot spare it now: ${reason}. Mend that first, then run this again: what is done is skipped.`,
          { node, hint: 'wild-cli cluster health' },
          { cause },
        )
      })
    },
    plan: async (ctx) => [{ kind: 'note', text: `Wait: ${await trouble(ctx)}` }],
  }
}

/** The gate after it: the node is back, ready, and the whole cluster is well. */
export function waitUntilWell(
  w: ChangeWorld,
  node: string,
  options: { unwell(reason: string): WildError; unneeded?(ctx: StepContext): Promise<string | false> },
): Step {
  const trouble = async (ctx: StepContext) => whyNotWell(await look(w, ctx))
  return {
    name: 'settle',
    title: `Waiting until the cluster is well with ${node}`,
    weight: 2,
    timeoutMs: 40 * 60_000,
    async done(ctx) {
      const reason = await options.unneeded?.(ctx)
      if (reason) return reason
      return !(await trouble(ctx)) && 'everything is well'
    },
    async run(ctx) {
      await untilNothing(ctx, trouble, `the cluster to be well with ${node}`, settleAttempts, options.unwell)
      w.deps.instances.changed(w.instance, 'nodes')
      ctx.say(`${node} is back, and the cluster is well`)
    },
    plan: async () => [{ kind: 'note', text: `Wait until ${node} is back and the cluster is well` }],
  }
}
