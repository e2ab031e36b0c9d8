import { NotYet, type Step, type StepContext } from '../../operations/define.ts'
import { WildError } from '../../platform/errors.ts'
import type { HealthCheckSpec, ServiceManifest } from '../catalog/index.ts'
import { runCheck } from './checks/index.ts'
import { createLook, type HealthDeps } from './look.ts'
import type { ServiceCheck } from './model.ts'
import { checksOf } from './service.ts'

export interface HealthStepSet {
  deps: HealthDeps
  instance: string
  manifest: ServiceManifest
}

const attempts = 60
const intervalMs = 2_000

const lookOf = ({ deps, instance, manifest }: HealthStepSet, ctx: StepContext) =>
  createLook(deps, instance, manifest, ctx.run)

const told = ({ name, message, remedy }: ServiceCheck) => `${name}: ${message} ${remedy}`

/** One step after an installation: waits until no check fails, and says of each what it found. What only warns does not fail it. */
export function healthStep(set: HealthStepSet): Step {
  const failing = async (ctx: StepContext) => {
    const checks = await checksOf(lookOf(set, ctx), ctx.clock.now())
    return { checks, bad: checks.filter(({ status }) => status === 'failing') }
  }
  const tell = (ctx: StepContext, checks: ServiceCheck[]) => {
    for (const check of checks.filter(({ status }) => status === 'warning')) ctx.warn(told(check))
  }
  return {
    name: 'health',
    title: `Checking ${set.manifest.title}`,
    timeoutMs: attempts * intervalMs + 120_000,
    async done(ctx) {
      const { checks, bad } = await failing(ctx)
      if (bad.length > 0) return false
      tell(ctx, checks)
      return `${checks.length} checks`
    },
    async run(ctx) {
      let last: ServiceCheck[] = []
      try {
        const checks = await ctx.waitFor({
          what: `${set.manifest.title} to be well`,
          attempts,
          intervalMs,
          async look() {
            const { checks: found, bad } = await failing(ctx)
            last = bad
            if (bad[0]) throw new NotYet(`${bad[0].name}: ${bad[0].message}`)
            return found
          },
        })
        tell(ctx, checks)
      } catch (error) {
        if (ctx.signal.aborted || last.length === 0) throw error
        throw new WildError(
          'OPERATION_FAILED',
          `${set.manifest.title} is installed but not well. ${last.map(told).join(' ')}`,
          {
            checks: last.map(({ name }) => name),
            hint: last[0]!.remedy,
          },
        )
      }
    },
  }
}

/** Checks that look outside the cluster: they can be asked before anything is applied. */
const outside = new Set<HealthCheckSpec['check']>(['nfs'])

/** One step before an installation: what is outside the cluster answers. None when the service needs nothing there. */
export function outsideStep(set: HealthStepSet): Step | undefined {
  const checks = set.manifest.health.filter(({ check }) => outside.has(check))
  if (checks.length === 0) return undefined
  const wrong = async (ctx: StepContext) =>
    (await Promise.all(checks.map((check) => runCheck(lookOf(set, ctx), check, ctx.clock.now())))).filter(
      ({ status }) => status !== 'passing',
    )
  return {
    name: 'reach',
    title: `Asking what ${set.manifest.title} needs outside the cluster`,
    done: async (ctx) => (await wrong(ctx)).length === 0 && 'it answers',
    plan: async (ctx) => (await wrong(ctx)).map((check) => ({ kind: 'note' as const, text: told(check) })),
    async run(ctx) {
      const found = await wrong(ctx)
      if (found.length === 0) return
      throw new WildError('OPERATION_FAILED', found.map(told).join(' '), { hint: found[0]!.remedy })
    },
  }
}
