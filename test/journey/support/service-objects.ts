/** One object of each service: while the API refuses it, that service alone fails. These are all a bare cluster gets. */
export const onBareCluster: Record<string, string> = {
  'cert-manager': 'Deployment/cert-manager-webhook',
  coredns: 'ConfigMap/internal-names',
  'docker-registry': 'Deployment/docker-registry',
  headlamp: 'Deployment/headlamp',
  longhorn: 'DaemonSet/longhorn-manager',
  metallb: 'Deployment/controller',
  traefik: 'Deployment/traefik',
}

/** Those that want a token, a machine or a card, or to be asked for. */
export const withMore: Record<string, string> = {
  externaldns: 'Deployment/external-dns',
  nfs: 'StorageClass/nfs',
  'node-feature-discovery': 'Deployment/node-feature-discovery-master',
  'nvidia-device-plugin': 'DaemonSet/nvidia-device-plugin-daemonset',
  utils: 'Deployment/netdebug',
}

/** Nothing of these is in the cluster that could be refused. */
export const settingsOnly = ['smtp']
