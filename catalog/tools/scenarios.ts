/** Settings every instance has: a new one writes them, or a person must. Templates may read them plainly. */
export const knownSettings = [
  'operator.email',
  'cloud.baseDomain',
  'cloud.domain',
  'cloud.internalDomain',
  'cloud.router.ip',
  'cluster.name',
  'cluster.ipAddressPool',
  'cluster.loadBalancerIp',
  'cluster.kubernetesVersion',
  'cluster.nodes.control.vip',
  'cluster.nodes.talos',
  'cluster.nodes.active',
]

/** Settings an instance may lack. Templates read them by `index`, which does not fail. */
export const optionalSettings = ['cloud.dns', 'cloud.smtp', 'cloud.nfs', 'cloud.backup']

/** Paths whose absence an `index` may find out about. */
export const isOptionalSetting = (path: string): boolean =>
  optionalSettings.some((known) => path === known || path.startsWith(`${known}.`))

type Tree = Record<string, unknown>

/** An instance to render the catalog for. */
export interface Scenario {
  name: string
  config: Tree
}

const node = (role: string, address: number): Tree => ({
  role,
  targetIp: `192.168.1.${address}`,
  interface: 'eth0',
  disk: '/dev/sda',
})

const instance = (active: Tree, cloud: Tree = {}): Tree => ({
  operator: { email: 'person@example.com' },
  cloud: {
    baseDomain: 'example.com',
    domain: 'cloud.example.com',
    internalDomain: 'internal.cloud.example.com',
    router: { ip: '192.168.1.1' },
    ...cloud,
  },
  cluster: {
    name: 'home',
    ipAddressPool: '192.168.1.80-192.168.1.89',
    loadBalancerIp: '192.168.1.80',
    kubernetesVersion: 'v1.34.1',
    nodes: { control: { vip: '192.168.1.90' }, talos: { version: 'v1.11.5', schematicId: 'abc' }, active },
  },
})

/** The smallest instance there is: one machine, nothing optional. */
export const bare: Scenario = { name: 'bare', config: instance({ 'control-1': node('controlplane', 91) }) }

/** A grown one: workers, mail, a resolver of its own. */
export const grown: Scenario = {
  name: 'grown',
  config: instance(
    {
      'control-1': node('controlplane', 91),
      'control-2': node('controlplane', 92),
      'control-3': node('controlplane', 93),
      'worker-1': node('worker', 94),
      'worker-2': node('worker', 95),
    },
    {
      dns: { ip: '192.168.1.50', externalResolver: '9.9.9.9' },
      smtp: { host: 'smtp.example.com', port: 587, user: 'person', from: 'cloud@example.com' },
    },
  ),
}

/** Every entry is rendered and built for each of these. */
export const scenarios: readonly Scenario[] = [bare, grown]
