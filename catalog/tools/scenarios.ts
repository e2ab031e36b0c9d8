import { defaultConfig, mergeTrees } from '../../server/src/domains/instances/model.ts'

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
const lan = { cidr: '192.168.1.0/24', prefixLength: 24 }

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

/** What `instance create` writes, what a person must add, and machines. */
const instance = (active: Tree, more: Tree = {}): Tree => {
  const given = {
    operator: { email: 'person@example.com' },
    cloud: { baseDomain: 'example.com', domain: 'cloud.example.com', internalDomain: 'internal.cloud.example.com' },
    cluster: { nodes: { active } },
  }
  return mergeTrees(mergeTrees(defaultConfig('home', lan, '192.168.1.1'), given), more) as Tree
}

const controlPlanes = {
  'control-1': node('controlplane', 91),
  'control-2': node('controlplane', 92),
  'control-3': node('controlplane', 93),
}

/** The smallest instance there is: one machine, nothing optional. */
export const bare: Scenario = { name: 'bare', config: instance({ 'control-1': node('controlplane', 91) }) }

/** The usual one: three machines that do everything. */
export const usual: Scenario = { name: 'usual', config: instance(controlPlanes) }

/** A grown one: workers, mail, a resolver of its own. */
export const grown: Scenario = {
  name: 'grown',
  config: instance(
    { ...controlPlanes, 'worker-1': node('worker', 94), 'worker-2': node('worker', 95) },
    {
      cloud: {
        dns: { externalResolver: '9.9.9.9' },
        smtp: { host: 'smtp.example.com', port: 587, user: 'person', from: 'cloud@example.com' },
      },
    },
  ),
}

/** Every entry is rendered and built for each of these. */
export const scenarios: readonly Scenario[] = [bare, usual, grown]
