import type { Step } from '../../../operations/define.ts'
import type { DnsSettings } from '../model.ts'
import type { ApplyWorld } from './world.ts'

const risky = ['interface', 'dhcp', 'dhcpRange', 'router', 'leaseHours', 'enabled'] as const

/** Changes that can cut people off from the screen they would mend it from. */
function isRisky(before: DnsSettings | undefined, wanted: DnsSettings): boolean {
  if (!wanted.enabled || wanted.dhcp === 'off') return false
  return !before || risky.some((key) => before[key] !== wanted[key])
}

/** A change of DHCP counts only once somebody who is still connected says so. */
export function beginTrial(w: ApplyWorld): Step {
  return {
    name: 'trial',
    title: 'Noting what to go back to',
    done: () => (w.input.trialSeconds === 0 || !isRisky(w.before, w.wanted)) && 'Nobody has to confirm this change.',
    async run(ctx) {
      const until = new Date(ctx.clock.now() + w.input.trialSeconds * 1000).toISOString()
      await w.store.setTrial({ until, settings: w.before })
      w.trialChanged()
      ctx.warn(
        `Unless it is confirmed within ${w.input.trialSeconds} s, what was there before is put back: wild-cli dns confirm`,
      )
      ctx.result({ confirm_until: until })
    },
    async plan() {
      return [{ kind: 'note', text: `Goes back by itself unless confirmed within ${w.input.trialSeconds} s` }]
    },
  }
}
