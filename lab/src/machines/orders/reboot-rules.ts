import { isDeepStrictEqual } from 'node:util'
import type { MachineConfig, Tree } from '../../machine-config/index.ts'

/** Parts of the config that Talos changes without a reboot. */
const LIVE_MACHINE = new Set([
  'ca',
  'acceptedCAs',
  'time',
  'certSANs',
  'install',
  'network',
  'sysfs',
  'sysctls',
  'logging',
  'controlPlane',
  'kubelet',
  'kernel',
  'registries',
  'pods',
  'seccompProfiles',
  'nodeAnnotations',
  'nodeLabels',
  'nodeTaints',
])
const LIVE_FEATURES = new Set([
  'kubernetesTalosAPIAccess',
  'kubePrism',
  'hostDNS',
  'imageCache',
  'nodeAddressSortAlgorithm',
])

/** Whether a machine must reboot to go from one config to the other. */
export function needsReboot(before: MachineConfig, after: MachineConfig): boolean {
  return !isDeepStrictEqual(rest(before.main), rest(after.main))
}

/** The config without what can be changed live. */
function rest(main: Tree): Tree {
  const { cluster, debug, machine, ...others } = main
  const fixed = without(machine ?? {}, LIVE_MACHINE)
  return { ...others, machine: { ...fixed, features: without(machine?.features ?? {}, LIVE_FEATURES) } }
}

const without = (tree: Tree, keys: Set<string>): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => !keys.has(key)))
