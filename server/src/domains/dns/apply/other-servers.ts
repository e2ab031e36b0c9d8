import type { Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { findDhcpServers } from '../other-servers.ts'
import type { ApplyWorld } from './world.ts'

/** Two servers that lend the same addresses take a house offline. */
export function lookForOtherServers(w: ApplyWorld): Step {
  return {
    name: 'other-servers',
    title: 'Looking for other DHCP servers',
    done: () => w.wanted.dhcp !== 'full' && 'No addresses are lent.',
    async run(ctx) {
      let others: string[]
      try {
        others = await findDhcpServers(w.served, ctx.signal)
      } catch (error) {
        ctx.signal.throwIfAborted()
        const { code } = error as NodeJS.ErrnoException
        ctx.warn(`Other DHCP servers could not be looked for (${code ?? (error as Error).message}).`)
        return
      }
      ctx.result({ other_dhcp_servers: others })
      if (others.length === 0) return ctx.say('No other DHCP server answers.')
      const who = others.join(', ')
      if (w.input.besideOthers) return ctx.warn(`Another DHCP server answers too: ${who}.`)
      throw new WildError(
        'CONFLICT',
        `Another DHCP server answers on ${w.wanted.interface}: ${who}. Two of them take the network offline. Turn that one off first, or let it lend the addresses (DHCP proxy).`,
        { field: 'dhcp', servers: others, hint: 'wild-cli dns set --dhcp proxy' },
      )
    },
    async plan() {
      return [{ kind: 'note', text: `Asks on ${w.wanted.interface} whether another DHCP server answers` }]
    },
  }
}
