import { join } from 'node:path'

/** Every place of one instance. Names are validated before they get here. */
export interface InstancePaths {
  root: string
  config: string
  secrets: string
  apps: string
  app(name: string): string
  services: string
  service(name: string): string
  clusterNodes: string
  generated: string
  patch(node: string): string
  final(node: string): string
  /** Snapshots of etcd, which hold the secrets of the cluster. */
  etcdSnapshots: string
  /** Copies of secrets and configurations, made before a reset. */
  savedKeys: string
  kubeconfig: string
  talosconfig: string
  /** `.wildcloud`: the daemon's own notes about this instance. */
  state: string
  history: string
  /** HOME of tools run for this instance, so that their caches stay apart. */
  home: string
}

/** Every place in the data directory. */
export interface Paths {
  data: string
  database: string
  central: string
  /** Versions of central.yaml. */
  centralHistory: string
  instances: string
  instance(name: string): InstancePaths
  /** Catalog entries that win over the bundled ones: `{apps,setup}/…`. */
  localCatalog: string
  cache: string
  trash: string
  logs: string
  run: string
  /** Hash of the daemon's token. */
  token: string
}

function instancePaths(root: string): InstancePaths {
  const clusterNodes = join(root, 'setup', 'cluster-nodes')
  const services = join(root, 'setup', 'cluster-services')
  const state = join(root, '.wildcloud')
  return {
    root,
    config: join(root, 'config.yaml'),
    secrets: join(root, 'secrets.yaml'),
    apps: join(root, 'apps'),
    app: (name) => join(root, 'apps', name),
    services,
    service: (name) => join(services, name),
    clusterNodes,
    generated: join(clusterNodes, 'generated'),
    patch: (node) => join(clusterNodes, 'patch', `${node}.yaml`),
    final: (node) => join(clusterNodes, 'final', `${node}.yaml`),
    savedKeys: join(clusterNodes, 'saved-keys'),
    etcdSnapshots: join(clusterNodes, 'etcd-snapshots'),
    kubeconfig: join(root, '.kube', 'config'),
    talosconfig: join(root, '.talos', 'config'),
    state,
    history: join(state, 'history'),
    home: join(state, 'home'),
  }
}

/** The layout of a data directory (design section 6, fine print "Settings and places"). */
export function createPaths(data: string): Paths {
  return {
    data,
    database: join(data, 'wild-central.db'),
    central: join(data, 'central.yaml'),
    centralHistory: join(data, 'history', 'central.yaml'),
    instances: join(data, 'instances'),
    instance: (name) => instancePaths(join(data, 'instances', name)),
    localCatalog: data,
    cache: join(data, 'cache'),
    trash: join(data, 'trash'),
    logs: join(data, 'logs'),
    run: join(data, 'run'),
    token: join(data, 'token.json'),
  }
}
