import { NotYet, type Step, type StepContext } from '../../../../operations/define.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { etcdIsEmpty, explainMachine, type NodeRecord, nameOf } from '../../../nodes/index.ts'
import type { RestoreWorld } from './world.ts'

/** 15 minutes: a restart with an empty disk pulls images again. */
const attempts = 450
const intervalMs = 2_000

/**
 * Takes what etcd holds off all control planes. All are told before the first one is back: a single one would only be
 * filled again by the others.
 */
export function wipeEtcd(w: RestoreWorld): Step {
  async function filled(ctx: StepContext): Promise<{ record: NodeRecord; state: string | undefined }[]> {
    const planes = await w.participants(ctx)
    const states = await Promise.all(planes.map((record) => w.etcdState(ctx, record)))
    return planes.map((record, i) => ({ record, state: states[i] })).filter(({ state }) => state !== etcdIsEmpty)
  }
  async function restartedSince(ctx: StepContext, { targetIp }: NodeRecord, before: number | undefined) {
    if (before === undefined) return true
    try {
      return (await w.startedAt(ctx, targetIp!)) > before
    } catch (error) {
      // It goes down just now.
      if (talosFailure(error)) return false
      throw error
    }
  }
  return {
    name: 'wipe-etcd',
    title: 'Emptying etcd on the control planes',
    weight: 4,
    timeoutMs: 40 * 60_000,
    async done(ctx) {
      if ((await w.progress())?.recovered) return 'it was started with the snapshot'
      return (await filled(ctx)).length === 0 && 'etcd is empty on all of them'
    },
    async run(ctx) {
      const taking = await w.participants(ctx)
      const silent = (await w.planes())
        .map(({ name }) => name)
        .filter((name) => !taking.some((one) => one.name === name))
      await w.mark(silent.length ? { leftOut: silent } : {})
      const told = new Map<string, number>()
      async function tell(record: NodeRecord): Promise<void> {
        told.set(record.name, ctx.clock.now())
        ctx.say(`${nameOf(record)} is told to forget its data, and restarts`)
        try {
          await w.talosctl(ctx).wipe(record.targetIp!, ['EPHEMERAL'])
        } catch (error) {
          throw explainMachine(error, record, 'Emptying etcd')
        }
      }
      const holds = (state: string | undefined) => state === 'Running' || state === 'Failed'
      await Promise.all((await filled(ctx)).filter(({ state }) => holds(state)).map(({ record }) => tell(record)))

      /** Why it is not empty yet; one that came back sooner than the others lost theirs was filled by them again. */
      async function openAt(record: NodeRecord): Promise<string | undefined> {
        const state = await w.etcdState(ctx, record)
        const before = told.get(record.name)
        if (state === etcdIsEmpty) return undefined
        if (holds(state) && (await restartedSince(ctx, record, before))) await tell(record)
        return `${record.name}: ${state ? `etcd is ${state}` : 'no answer'}`
      }
      await ctx.waitFor({
        what: 'the control planes to come back with an empty etcd',
        attempts,
        intervalMs,
        look: async () => {
          const open = (await Promise.all(taking.map(openAt))).filter((reason) => reason !== undefined)
          if (open.length) throw new NotYet(open.join('; '))
        },
      })
    },
    async plan(ctx) {
      const some = await filled(ctx)
      return some.map(({ record }) => ({
        kind: 'command' as const,
        text: `talosctl reset --graceful=false --reboot --system-labels-to-wipe EPHEMERAL, on ${record.name}: what etcd holds there is lost`,
      }))
    },
  }
}
