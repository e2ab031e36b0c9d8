import type { PlannedChange } from '../../operations/define.ts'
import type { PxeSettings } from './model.ts'

interface Effects {
  before: PxeSettings
  wanted: PxeSettings
  /** Where would be listened; empty when nothing is to listen. */
  address: string
  /** 0: a free one. */
  port: number
  /** dnsmasq runs here and is told. */
  tells: boolean
}

/** Pure: what a change of the settings of network boot does, in words. */
export function plannedEffects({ before, wanted, address, port, tells }: Effects): PlannedChange[] {
  const place = `${address}, port ${port || 'any that is free'}`
  const switched = before.enabled !== wanted.enabled
  const told = tells ? 'dnsmasq is started anew with it' : 'DNS and DHCP are off here: nobody is told to boot from here'
  const texts = [
    ...(switched && wanted.enabled ? [`Files to boot from are served to the network: ${place}`] : []),
    ...(switched && !wanted.enabled ? ['Nothing is served any more; machines that run are not touched'] : []),
    ...(switched && (tells || wanted.enabled) ? [told] : []),
    ...(policyOf(before) === policyOf(wanted)
      ? []
      : [`Unknown machines get ${policyOf(wanted)}; now: ${policyOf(before)}`]),
  ]
  return texts.map((text) => ({ kind: 'note', text }))
}

/** What an unknown machine gets. */
function policyOf({ unknown, instance }: PxeSettings): string {
  return { menu: 'a menu on its screen', nothing: 'nothing', instance: `the image of ${instance}` }[unknown]
}
