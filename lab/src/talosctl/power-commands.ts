import type { Command } from './command.ts'
import type { Flag } from './flags.ts'
import { nodeFlags } from './shared-flags.ts'

const waiting: Flag[] = [
  { name: 'debug', type: 'bool', usage: 'debug operation from kernel logs' },
  {
    name: 'timeout',
    type: 'duration',
    default: '30m0s',
    usage: 'time to wait for the operation is complete if --debug or --wait is set',
  },
  { name: 'wait', type: 'bool', default: true, usage: 'wait for the operation to complete, tracking its progress' },
]

const always = (): boolean => true
const power = (name: 'reboot' | 'shutdown' | 'reset' | 'rollback' | 'upgrade') => async () => {
  const { powerCommands } = await import('./commands/power.ts')
  return { run: powerCommands[name] }
}

/** Commands after which machines go away. */
export const powerCommandTable: Command[] = [
  {
    path: ['reboot'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      ...waiting,
      {
        name: 'mode',
        short: 'm',
        type: 'string',
        default: 'default',
        choices: ['default', 'powercycle'],
        usage: 'select the reboot mode during upgrade',
      },
    ],
    mutating: always,
    load: power('reboot'),
  },
  {
    path: ['shutdown'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      ...waiting,
      { name: 'force', type: 'bool', usage: 'if true, force a node to shutdown without a cordon/drain' },
    ],
    mutating: always,
    load: power('shutdown'),
  },
  {
    path: ['reset'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      ...waiting,
      {
        name: 'graceful',
        type: 'bool',
        default: true,
        usage: 'if true, attempt to cordon/drain node and leave etcd (if applicable)',
      },
      {
        name: 'insecure',
        type: 'bool',
        usage: 'reset using the insecure (encrypted with no auth) maintenance service',
      },
      { name: 'reboot', type: 'bool', usage: 'if true, reboot the node after resetting instead of shutting down' },
      {
        name: 'system-labels-to-wipe',
        type: 'strings',
        usage: 'if set, just wipe selected system disk partitions by label but keep other partitions intact',
      },
      { name: 'user-disks-to-wipe', type: 'strings', usage: 'if set, wipes defined devices in the list' },
      {
        name: 'wipe-mode',
        type: 'string',
        default: 'all',
        choices: ['all', 'system-disk', 'user-disks'],
        usage: 'disk reset mode',
      },
    ],
    mutating: always,
    load: power('reset'),
  },
  { path: ['rollback'], count: [0, 0], flags: nodeFlags, mutating: always, load: power('rollback') },
  {
    path: ['upgrade-k8s'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      { name: 'dry-run', type: 'bool', usage: 'skip the actual upgrade and show the upgrade plan instead' },
      { name: 'endpoint', type: 'string', usage: 'the cluster control plane endpoint' },
      { name: 'from', type: 'string', usage: 'the Kubernetes control plane version to upgrade from' },
      { name: 'pre-pull-images', type: 'bool', default: true, usage: 'pre-pull images before upgrade' },
      { name: 'to', type: 'string', default: '1.34.1', usage: 'the Kubernetes control plane version to upgrade to' },
      { name: 'upgrade-kubelet', type: 'bool', default: true, usage: 'upgrade kubelet service' },
    ],
    mutating: ({ values }) => values.get('dry-run') !== true,
    load: () => import('./commands/upgrade-k8s.ts'),
  },
  {
    path: ['upgrade'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      ...waiting,
      {
        name: 'force',
        short: 'f',
        type: 'bool',
        usage: 'force the upgrade (skip checks on etcd health and members, might lead to data loss)',
      },
      {
        name: 'image',
        short: 'i',
        type: 'string',
        default: 'ghcr.io/siderolabs/installer:v1.11.5',
        usage: 'the container image to use for performing the install',
      },
      {
        name: 'insecure',
        type: 'bool',
        usage: 'upgrade using the insecure (encrypted with no auth) maintenance service',
      },
      { name: 'preserve', type: 'bool', usage: 'preserve data' },
      {
        name: 'reboot-mode',
        short: 'm',
        type: 'string',
        default: 'default',
        choices: ['default', 'powercycle'],
        usage: 'select the reboot mode during upgrade',
      },
      { name: 'stage', short: 's', type: 'bool', usage: 'stage the upgrade to perform it after a reboot' },
    ],
    mutating: always,
    load: power('upgrade'),
  },
]
