import type { Command } from './command.ts'
import type { Flag } from './flags.ts'
import { nodeFlags, patches } from './shared-flags.ts'

const insecure: Flag = {
  name: 'insecure',
  short: 'i',
  type: 'bool',
  usage: 'use the insecure (encrypted with no auth) maintenance service',
}
const dryRun: Flag = {
  name: 'dry-run',
  type: 'bool',
  usage: 'check how the config change will be applied in dry-run mode',
}
const always = (): boolean => true
const etcdChange = (name: 'leave' | 'forfeit' | 'remove') => async () => {
  const { etcdChanges } = await import('./commands/etcd-change.ts')
  return { run: etcdChanges[name] }
}

/** Commands that talk to machines. */
export const nodeCommands: Command[] = [
  {
    path: ['version'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      { name: 'client', type: 'bool', usage: 'Print client version only' },
      { name: 'insecure', short: 'i', type: 'bool', usage: 'use Talos maintenance mode API' },
      { name: 'json', type: 'bool', usage: 'Print version as JSON' },
      { name: 'short', type: 'bool', usage: 'Print the short version' },
    ],
    load: () => import('./commands/version.ts'),
  },
  {
    path: ['get'],
    synopsis: '<type> [<id>]',
    count: [1, 2],
    flags: [
      ...nodeFlags,
      insecure,
      {
        name: 'namespace',
        type: 'string',
        usage: 'resource namespace (default is to use default namespace per resource)',
      },
      {
        name: 'output',
        short: 'o',
        type: 'string',
        default: 'table',
        usage: 'output mode (json, table, yaml, jsonpath)',
      },
    ],
    load: () => import('./commands/get.ts'),
  },
  {
    path: ['apply-config'],
    aliases: [['apply']],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      insecure,
      dryRun,
      {
        name: 'cert-fingerprint',
        type: 'strings',
        usage: 'list of server certificate fingeprints to accept (defaults to no check)',
      },
      patches('config-patch', 'p'),
      { name: 'file', short: 'f', type: 'string', usage: 'the filename of the updated configuration' },
      {
        name: 'mode',
        short: 'm',
        type: 'string',
        default: 'auto',
        choices: ['auto', 'interactive', 'no-reboot', 'reboot', 'staged', 'try'],
        usage: 'apply config mode',
      },
      {
        name: 'timeout',
        type: 'duration',
        default: '1m0s',
        usage: 'the config will be rolled back after specified timeout (if try mode is selected)',
      },
    ],
    mutating: ({ values }) => values.get('dry-run') !== true,
    load: () => import('./commands/apply-config.ts'),
  },
  {
    path: ['bootstrap'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      { name: 'recover-from', type: 'string', usage: 'recover etcd cluster from the snapshot' },
      { name: 'recover-skip-hash-check', type: 'bool', usage: 'skip integrity check when recovering etcd' },
    ],
    mutating: always,
    load: () => import('./commands/bootstrap.ts'),
  },
  {
    path: ['kubeconfig'],
    synopsis: '[local-path]',
    count: [0, 1],
    flags: [
      ...nodeFlags,
      {
        name: 'force',
        short: 'f',
        type: 'bool',
        usage: 'Force overwrite of kubeconfig if already present, force overwrite on kubeconfig merge',
      },
      { name: 'force-context-name', type: 'string', usage: 'Force context name for kubeconfig merge' },
      { name: 'merge', short: 'm', type: 'bool', default: true, usage: 'Merge with existing kubeconfig' },
    ],
    mutating: always,
    load: () => import('./commands/kubeconfig.ts'),
  },
  {
    path: ['service'],
    aliases: [['services']],
    synopsis: '[<id> [start|stop|restart|status]]',
    count: [0, 2],
    flags: nodeFlags,
    mutating: ({ args }) => ['start', 'stop', 'restart'].includes(args[1] ?? ''),
    load: () => import('./commands/service.ts'),
  },
  { path: ['etcd', 'members'], count: [0, 0], flags: nodeFlags, load: () => import('./commands/etcd-members.ts') },
  {
    path: ['etcd', 'snapshot'],
    synopsis: '<path>',
    count: [1, 1],
    flags: nodeFlags,
    mutating: always,
    load: () => import('./commands/etcd-snapshot.ts'),
  },
  {
    path: ['read'],
    synopsis: '<path>',
    count: [1, 1],
    flags: nodeFlags,
    load: () => import('./commands/read.ts'),
  },
  {
    path: ['copy'],
    aliases: [['cp']],
    synopsis: '<src-path> -|<local-path>',
    count: [2, 2],
    flags: nodeFlags,
    mutating: always,
    load: () => import('./commands/copy.ts'),
  },
  { path: ['etcd', 'leave'], count: [0, 0], flags: nodeFlags, mutating: always, load: etcdChange('leave') },
  {
    path: ['etcd', 'forfeit-leadership'],
    count: [0, 0],
    flags: nodeFlags,
    mutating: always,
    load: etcdChange('forfeit'),
  },
  {
    path: ['etcd', 'remove-member'],
    synopsis: '<member ID>',
    count: [1, 1],
    flags: nodeFlags,
    mutating: always,
    load: etcdChange('remove'),
  },
]
