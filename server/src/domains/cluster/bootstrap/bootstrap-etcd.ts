import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { saysNoTime, talosFailure } from '../../../tools/talosctl-failures.ts'
import { explainMachine, warnOfSkew } from '../../nodes/index.ts'
import type { EtcdFact } from '../facts.ts'
import { etcd, lostMajority } from '../health.ts'
import { etcdOn } from '../look.ts'
import { clockError, clockTrouble } from './clock-trouble.ts'
import { refuseTakenVip } from './vip-free.ts'
import { withMissing } from './who-is-missing.ts'
import type { BootstrapWorld } from './world.ts'

/** 5 minutes each: the container runtime and the clock of a fresh machine need a moment, etcd pulls its image. */
const attempts = 150
const intervalMs = 2_000

/** etcd on every control plane, the chosen one first. */
function membersNow(w: BootstrapWorld, ctx: StepContext): Promise<EtcdFact[]> {
  const first = [w.node, ...w.controlPlanes.filter(({ name }) => name !== w.node.name)]
  return Promise.all(first.map((record) => etcdOn(ctx.run, w.places, record)))
}

/**
 * The control plane on which etcd runs and is healthy. Any of them counts: bootstrapping a second one would make a
 * second cluster.
 */
async function healthyMember(w: BootstrapWorld, ctx: StepContext): Promise<string | undefined> {
  return (await membersNow(w, ctx)).find(({ healthy }) => healthy)?.node
}

/**
 * Waits for an etcd that was started before and runs on some control planes, until enough of them work together. Throws
 * CONFLICT naming those that are missing: starting another one would make a second cluster.
 */
async function waitForMajority(w: BootstrapWorld, ctx: StepContext): Promise<void> {
  let last: EtcdFact[] = []
  async function look(): Promise<void> {
    last = await membersNow(w, ctx)
    if (!last.some(({ healthy }) => healthy)) throw new NotYet(etcd({ etcd: last }).message)
  }
  try {
    await ctx.waitFor({ what: 'etcd to have a majority', attempts, intervalMs, look })
  } catch (error) {
    const lost = lostMajority({ etcd: last })
    if (!(error instanceof WildError) || error.code !== 'TIMEOUT' || !lost) throw error
    const missing = last.filter(({ running }) => !running).map(({ node }) => node)
    throw new WildError(
      'CONFLICT',
      `${lost}. The cluster was started before, so it is not started anew. ${etcd({ etcd: last }).remedy}`,
      { nodes: missing, hint: 'wild-cli cluster health' },
      { cause: error },
    )
  }
}

/**
 * Asks for the bootstrap, once each time the returned function is called. A refusal because it happened before counts as
 * done; "not ready yet" is waited for, a clock that stays wrong for as long as `clockTrouble` says.
 */
function bootstrapRequest(w: BootstrapWorld, ctx: StepContext): () => Promise<void> {
  let clockRefusals = 0
  return async () => {
    try {
      await w.talosctl(ctx).bootstrap(w.ip)
    } catch (error) {
      const kind = talosFailure(error)
      if (kind === 'exists') return ctx.say(`etcd on ${w.node.name} was bootstrapped before`)
      if (kind !== 'not-yet') throw error
      if (!saysNoTime(error)) throw new NotYet('the machine is not ready for it yet')
      const trouble = await clockTrouble(w, ctx)
      if (++clockRefusals > trouble.patience) throw clockError(w, trouble)
      throw new NotYet(trouble.reason)
    }
  }
}

/** A wait that ended in vain says itself what it waited for; any other failure is the machine's. */
function bootstrapFailure(error: unknown, w: BootstrapWorld): unknown {
  const waited = error instanceof WildError && error.code === 'TIMEOUT' && error.details.attempts !== undefined
  return waited ? error : explainMachine(error, w.node, 'Bootstrapping etcd')
}

/** Starts etcd on the first control plane and waits until it is healthy. */
export function bootstrapEtcd(w: BootstrapWorld): Step {
  return {
    name: 'bootstrap-etcd',
    title: 'Bootstrapping etcd cluster',
    weight: 2,
    timeoutMs: 15 * 60_000,
    tries: 5,
    async needs(ctx) {
      if ((await membersNow(w, ctx)).some(({ running }) => running)) return
      try {
        await w.talosctl(ctx).machineStatus({ ip: w.ip })
      } catch (error) {
        throw explainMachine(error, w.node, 'Asking for its state')
      }
      await warnOfSkew(ctx, w.talosctl(ctx), w.node.name, { ip: w.ip })
      await refuseTakenVip(w, ctx)
    },
    async done(ctx) {
      const node = await healthyMember(w, ctx)
      return Boolean(node) && `etcd runs on ${node}`
    },
    async run(ctx) {
      if ((await membersNow(w, ctx)).some(({ running }) => running)) return waitForMajority(w, ctx)
      const what = `${w.node.name} to start etcd`
      try {
        await ctx.waitFor({ what, attempts, intervalMs, look: bootstrapRequest(w, ctx) })
      } catch (error) {
        throw bootstrapFailure(error, w)
      }
      await ctx.waitFor({
        what: `etcd on ${w.node.name} to be healthy`,
        attempts,
        intervalMs,
        async look() {
          const fact = await etcdOn(ctx.run, w.places, w.node)
          if (fact.healthy) return
          if (!fact.reachable) throw new NotYet(await withMissing(w, ctx, 'the machine does not tell'))
          throw new NotYet(fact.running ? 'it is not healthy yet' : 'it is not running yet')
        },
      })
      ctx.say(`etcd runs on ${w.node.name}`)
    },
    plan: async (ctx) => {
      const begun = (await membersNow(w, ctx)).some(({ running }) => running)
      if (begun) return [{ kind: 'note', text: 'Wait until etcd, which was started before, has its majority' }]
      return [{ kind: 'command', text: `talosctl bootstrap --nodes ${w.ip}` }]
    },
  }
}
