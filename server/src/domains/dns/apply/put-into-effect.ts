import { isDeepStrictEqual } from 'node:util'
import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { unifiedDiff } from '../../../platform/unified-diff.ts'
import type { ApplyWorld } from './world.ts'

const lookUpIntervalMs = 200

/** Writes settings and file, starts dnsmasq anew, and asks it. What was there before is put back when anything of it fails. */
export function putIntoEffect(w: ApplyWorld): Step {
  const { store, child, wanted } = w
  let confBefore: string | undefined
  const isUp = () => w.inEffect()

  async function restore(ctx: StepContext): Promise<void> {
    await store.setTrial(undefined)
    w.trialChanged()
    await store.save(w.before)
    if (confBefore !== undefined) await store.write(confBefore)
    if (!w.before?.enabled || confBefore === undefined) return child.stop()
    ctx.say('Putting back what was there before.')
    await child.start(store.places.conf, w.before.port, async () => true)
  }

  return {
    name: 'effect',
    title: wanted.enabled ? 'Starting dnsmasq with it' : 'Stopping dnsmasq',
    async done() {
      if (!isDeepStrictEqual(w.before, wanted)) return false
      if (!wanted.enabled) return child.pid() === undefined && 'It is stopped.'
      return (await store.conf()) === w.conf && (await w.inEffect()) && 'It runs with this configuration.'
    },
    async run(ctx) {
      confBefore = await store.conf()
      await store.save(wanted)
      if (!wanted.enabled) return child.stop()
      if (confBefore !== w.conf) await store.write(w.conf)
      await child.start(store.places.conf, wanted.port, isUp)
      ctx.result({ pid: child.pid() })
    },
    async check(ctx) {
      if (!wanted.enabled) return
      const [first] = w.instances.filter(({ domains, loadBalancerIp }) => domains.length && loadBalancerIp)
      if (!first) return
      const name = `any.${first.domains[0]}`
      let answer: string[] = []
      for (let tries = 0; tries < 10 && !answer.includes(first.loadBalancerIp!); tries++) {
        if (tries) await ctx.clock.sleep(lookUpIntervalMs, ctx.signal)
        answer = await w.lookUp(name)
      }
      if (!answer.includes(first.loadBalancerIp!))
        throw new WildError(
          'OPERATION_FAILED',
          `dnsmasq answers ${answer.join(', ') || 'nothing'} for ${name} instead of ${first.loadBalancerIp}.`,
        )
    },
    undo: restore,
    async plan() {
      const there = (await store.conf()) ?? ''
      const diff = there === w.conf ? undefined : unifiedDiff(['as it is', 'as it will be'], there, w.conf)
      return [
        { kind: 'file', text: `Write ${store.places.conf}`, ...(diff ? { diff } : {}) },
        { kind: 'command', text: `dnsmasq -k -C ${store.places.conf}` },
      ]
    },
  }
}
