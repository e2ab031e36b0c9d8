import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { asWildError } from '../../../platform/errors.ts'
import { applied, readKubernetesNodes } from '../../nodes/index.ts'
import type { BootstrapWorld } from './world.ts'

/** 10 minutes: nodes pull the images of the network and the control plane. */
const attempts = 300
const intervalMs = 2_000

async function look(w: BootstrapWorld, ctx: StepContext): Promise<string> {
  let objects: unknown[]
  try {
    objects = await w.kubectl(ctx).get('nodes', { repeated: true })
  } catch (error) {
    const failure = asWildError(error)
    if (failure.code === 'TOOL_MISSING' || failure.code === 'INTERNAL' || ctx.signal.aborted) throw error
    throw new NotYet(failure.message)
  }
  const nodes = readKubernetesNodes(objects)
  const expected = applied(await w.deps.nodes.records(w.instance)).map(({ name }) => name)
  const missing = expected.filter((name) => !nodes.some((node) => node.name === name))
  const notReady = nodes.filter(({ ready }) => !ready)
  ctx.progress(nodes.length === 0 ? 0 : (nodes.length - notReady.length) / Math.max(nodes.length, expected.length))
  if (missing.length) throw new NotYet(`${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} not joined yet`)
  if (notReady.length || nodes.length === 0)
    throw new NotYet(notReady.map(({ name, reason }) => `${name}: ${reason}`).join('; ') || 'no node has joined yet')
  return nodes.length === 1 ? 'the node is ready' : `all ${nodes.length} nodes are ready`
}

/** Waits until every node that was set up is a ready member. */
export function waitForNodes(w: BootstrapWorld): Step {
  return {
    name: 'wait-for-nodes',
    title: 'Waiting for nodes to be ready',
    weight: 3,
    timeoutMs: 30 * 60_000,
    async done(ctx) {
      try {
        return await look(w, ctx)
      } catch (error) {
        if (error instanceof NotYet) return false
        throw error
      }
    },
    async run(ctx) {
      ctx.say(await ctx.waitFor({ what: 'nodes to be ready', attempts, intervalMs, look: () => look(w, ctx) }))
      w.deps.instances.changed(w.instance, 'nodes')
    },
  }
}
