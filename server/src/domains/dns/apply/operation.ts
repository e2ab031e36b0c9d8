import type { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { type ApplyInput, applyInput } from '../model.ts'
import { checkConfiguration } from './check.ts'
import { lookForOtherServers } from './other-servers.ts'
import { putIntoEffect } from './put-into-effect.ts'
import { beginTrial } from './trial.ts'
import { type ApplyDeps, applyWorld } from './world.ts'

/** Changes what the device does for the LAN: checked first, put into effect, asked, and put back when anything is wrong. */
export function applyOperation(deps: ApplyDeps): OperationDefinition<ApplyInput> {
  return {
    type: 'dnsmasq.apply',
    tools: ['dnsmasq'],
    title: () => 'Apply the DNS and DHCP settings',
    input: applyInput as z.ZodType<ApplyInput>,
    instance: () => undefined,
    locks: () => ['lan/dnsmasq'],
    async refuse(input) {
      await applyWorld(deps, input)
    },
    async steps(input) {
      const w = await applyWorld(deps, input)
      if (!w.wanted.enabled) return [putIntoEffect(w)]
      return [checkConfiguration(w), lookForOtherServers(w), beginTrial(w), putIntoEffect(w)]
    },
  }
}
