import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { healthOf } from '../health.ts'
import { lookAtCluster } from '../look.ts'
import type { ClusterHealth, HealthCheck } from '../model.ts'
import type { BootstrapWorld } from './world.ts'

/** 5 minutes: the DNS pods are the last to start. */
const attempts = 150
const intervalMs = 2_000

async function health(w: BootstrapWorld, ctx: StepContext): Promise<ClusterHealth> {
  return healthOf(await lookAtCluster(w.deps, w.instance, ctx.run, w.vip))
}

function open({ checks }: ClusterHealth): HealthCheck[] {
  return checks.filter(({ status }) => status !== 'passing')
}

function say(checks: HealthCheck[]): string {
  return checks.map(({ name, message }) => `${name}: ${message}`).join('; ')
}

/** Warnings are told and do not fail the bootstrap; a failing check does. */
function conclude(w: BootstrapWorld, ctx: StepContext, last: ClusterHealth, cause: unknown): void {
  const failing = open(last).filter(({ status }) => status === 'failing')
  if (failing.length)
    throw new WildError(
      'OPERATION_FAILED',
      `The cluster is up, but not healthy. ${say(failing)}. ${failing[0]!.remedy}`,
      { checks: last.checks, instance: w.instance },
      { cause },
    )
  for (const check of open(last)) ctx.warn(`${check.name}: ${check.message}. ${check.remedy}`)
}

/** Runs the health checks until all pass. */
export function validateHealth(w: BootstrapWorld): Step {
  return {
    name: 'validate-health',
    title: 'Validating cluster health',
    timeoutMs: 30 * 60_000,
    done: async (ctx) => open(await health(w, ctx)).length === 0 && 'all checks pass',
    async run(ctx) {
      let last: ClusterHealth | undefined
      async function look(): Promise<void> {
        last = await health(w, ctx)
        ctx.signal.throwIfAborted()
        if (open(last).length) throw new NotYet(say(open(last)))
      }
      try {
        await ctx.waitFor({ what: 'the cluster to be healthy', attempts, intervalMs, look })
        ctx.say('All checks pass')
      } catch (error) {
        if (!(error instanceof WildError) || error.code !== 'TIMEOUT' || !last) throw error
        conclude(w, ctx, last, error)
      }
      ctx.result({ node: w.node.name, vip: w.vip, endpoint: `https://${w.vip}:6443` })
      w.deps.instances.changed(w.instance, 'cluster')
    },
  }
}
