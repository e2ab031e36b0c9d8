/** One step per operation whose `run` does nothing, and the command of the journey from which on that can be seen. */
export interface Mutation {
  type: string
  breaks: string
  /** Stands before the command of the journey that starts the operation. */
  command: string
  /** Run before that command: an operation that the journey has no command for. */
  first?: string[]
}

export const mutations: Mutation[] = [
  { type: 'node.discover', breaks: 'scan', command: 'node discover' },
  { type: 'node.setup', breaks: 'prepare-configuration', command: 'node setup' },
  { type: 'cluster.bootstrap', breaks: 'fetch-kubeconfig', command: 'cluster bootstrap' },
  {
    type: 'service.install',
    breaks: 'metallb/prepare',
    command: 'service install-all',
    first: ['service', 'install', 'metallb'],
  },
  ...[
    { type: 'cluster.etcd-snapshot', breaks: 'save-etcd', first: ['cluster', 'etcd-snapshot', 'save', 'first'] },
    {
      type: 'cluster.upgrade-talos',
      breaks: 'to-v1-11-6/control-1/upgrade',
      first: ['cluster', 'upgrade', '--talos', 'v1.11.6'],
    },
    {
      type: 'cluster.upgrade-kubernetes',
      breaks: 'to-v1-34-2',
      first: ['cluster', 'upgrade', '--kubernetes', 'v1.34.2'],
    },
    { type: 'cluster.reboot', breaks: 'control-1/reboot', first: ['cluster', 'reboot'] },
    { type: 'cluster.reset', breaks: 'machines/reset-control-1', first: ['cluster', 'reset', '--confirm', 'home'] },
  ].map((mutation) => ({ ...mutation, command: 'service install-all' })),
  { type: 'service.install-all', breaks: 'traefik/traefik', command: 'service install-all' },
  { type: 'app.deploy', breaks: 'start', command: 'app deploy' },
]
