import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { asWildError } from '../../../platform/errors.ts'
import { applied, readKubernetesNodes } from '../../nodes/index.ts'
import { withMissing } from './who-is-missing.ts'
import type { BootstrapWorld } from './world.ts'

/** 10 minutes: nodes pull the images of the network and the control plane. */
const attempts = 300
const intervalMs = 2_000

async function look(w: BootstrapWorld, ctx: StepContext, leftOut: string[]): Promise<string> {
  let objects: unknown[]
  try {
    objects = await w.kubectl(ctx).get('nodes', { repeated: true })
  } catch (error) {
    const failure = asWildError(error)
    if (failure.code === 'TOOL_MISSING' || failure.code === 'INTERNAL' || ctx.signal.aborted) throw error
    throw new NotYet(await withMissing(w, ctx, failure.message))
  }
  const counts = ({ name }: { name: string }) => !leftOut.includes(name)
  const nodes = readKubernetesNodes(objects).filter(counts)
  const expected = applied(await w.deps.nodes.records(w.instance))
    .filter(counts)
    .map(({ name }) => name)
  const missing = expected.filter((name) => !nodes.some((node) => node.name === name))
  const notReady = nodes.filter(({ ready }) => !ready)
  ctx.progress(nodes.length === 0 ? 0 : (nodes.length - notReady.length) / Math.max(nodes.length, expected.length))
  if (missing.length) throw new NotYet(`${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} not joined yet`)
  if (notReady.length || nodes.length === 0)
    throw new NotYet(notReady.map(({ name, reason }) => `${name}: ${reason}`).join('; ') || 'no node has joined yet')
  return nodes.length === 1 ? 'the node is ready' : `all ${nodes.length} nodes are ready`
}

/** Waits until every node that was set up is a ready member, except those that are left out. */
export function waitForNodes(w: BootstrapWorld, leftOut = async (): Promise<string[]> => []): Step {
  return {
    name: 'wait-for-nodes',
    title: 'Waiting for nodes to be ready',
    weight: 3,
    timeoutMs: 30 * 60_000,
    async done(ctx) {
      try {
        return await look(w, ctx, await leftOut())
      } catch (error) {
        if (error instanceof NotYet) return false
        throw error
      }
    },
    async run(ctx) {
      const without = await leftOut()
      ctx.say(await ctx.waitFor({ what: 'nodes to be ready', attempts, intervalMs, look: () => look(w, ctx, without) }))
      w.deps.instances.changed(w.instance, 'nodes')
    },
  }
}
