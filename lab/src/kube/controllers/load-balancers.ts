import type { KubeObject, ObjectStore } from '../objects.ts'
import { freeAddress, poolHas } from './address-pools.ts'
import { isTrue } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { selects } from './labels.ts'
import { isReady } from './pod-state.ts'

const metallb = 'metallb-system'
const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers'

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`
const annotation = (service: KubeObject, name: string): string | undefined =>
  service.metadata.annotations?.[`metallb.io/${name}`] ?? service.metadata.annotations?.[`metallb.universe.tf/${name}`]

/** The address a Service has, if any. */
export const addressOf = (service: KubeObject): string | undefined => service.status?.loadBalancer?.ingress?.[0]?.ip

function wantedAddress(service: KubeObject): string | undefined {
  return annotation(service, 'loadBalancerIPs')?.split(',')[0]?.trim() || service.spec.loadBalancerIP || undefined
}

/** Nodes whose speaker may answer for an address. */
function announcers(objects: ObjectStore, advertisement: KubeObject): KubeObject[] {
  const speakers = objects
    .list('Pod', { namespace: metallb })
    .filter(
      (pod) =>
        isReady(pod) &&
        pod.metadata.ownerReferences?.some(({ kind, name }) => kind === 'DaemonSet' && name === 'speaker'),
    )
  const selectors = advertisement.spec?.nodeSelectors ?? []
  return objects.list('Node').filter((node) => {
    const { name, labels } = node.metadata
    if (labels?.[excluded] !== undefined || !isTrue(node, 'Ready')) return false
    if (selectors.length > 0 && !selectors.some((one: object) => selects(one, labels))) return false
    return speakers.some(({ spec }) => spec.nodeName === name)
  })
}

/** The node that announces the pool's addresses, by the first advertisement that covers it. */
function announcerOf(objects: ObjectStore, pool: KubeObject): string | undefined {
  for (const advertisement of objects.list('L2Advertisement', { namespace: metallb })) {
    const { ipAddressPools: names = [], ipAddressPoolSelectors: selectors = [] } = advertisement.spec ?? {}
    const all = names.length === 0 && selectors.length === 0
    const chosen = selectors.some((one: object) => selects(one, pool.metadata.labels))
    if (!all && !chosen && !names.includes(pool.metadata.name)) continue
    const node = announcers(objects, advertisement)[0]
    if (node !== undefined) return node.metadata.name
  }
  return undefined
}

const portsOf = (service: KubeObject): string[] =>
  (service.spec.ports ?? []).map(({ port, protocol = 'TCP' }: KubeObject['spec']) => `${protocol}/${port}`)

/** An address is free unless another Service has it; two that agree on a key share it if their ports differ. */
function isFreeFor(objects: ObjectStore, service: KubeObject, address: string): boolean {
  const key = annotation(service, 'allow-shared-ip')
  return objects.list('Service').every((other) => {
    if (idOf(other) === idOf(service) || addressOf(other) !== address) return true
    const agreed = key !== undefined && annotation(other, 'allow-shared-ip') === key
    return agreed && !portsOf(other).some((port) => portsOf(service).includes(port))
  })
}

type Choice = { address: string; pool: KubeObject } | { error: string }

function choose(objects: ObjectStore, service: KubeObject, pools: KubeObject[]): Choice {
  const wanted = wantedAddress(service)
  const poolName = annotation(service, 'address-pool')
  const named = poolName === undefined ? pools : pools.filter(({ metadata }) => metadata.name === poolName)
  if (poolName !== undefined && named.length === 0) return { error: `unknown pool "${poolName}"` }
  if (wanted !== undefined) {
    const pool = named.find((one) => poolHas(one, wanted))
    if (pool === undefined) return { error: `["${wanted}"] is not allowed in config` }
    if (!isFreeFor(objects, service, wanted))
      return { error: `can't change sharing key for "${idOf(service)}", address also in use` }
    return { address: wanted, pool }
  }
  const automatic = poolName === undefined ? named.filter(({ spec }) => spec?.autoAssign !== false) : named
  const current = addressOf(service)
  for (const pool of automatic) if (current !== undefined && poolHas(pool, current)) return { address: current, pool }
  for (const pool of automatic) {
    const address = freeAddress(pool, (one) => isFreeFor(objects, service, one))
    if (address !== undefined) return { address, pool }
  }
  return { error: 'no available IPs' }
}

function assign(context: ControllerContext, service: KubeObject, pools: KubeObject[]): void {
  const { objects, record } = context
  const choice = choose(objects, service, pools)
  if ('error' in choice) {
    const text = `Failed to allocate IP for "${idOf(service)}": ${choice.error}`
    record(service, 'Warning', 'AllocationFailed', text, 'metallb-controller')
    if (addressOf(service) !== undefined) objects.updateStatus(service, { ...service.status, loadBalancer: {} })
    return
  }
  const { address, pool } = choice
  const node = announcerOf(objects, pool)
  if (addressOf(service) === address) return
  if (node === undefined) return
  record(service, 'Normal', 'IPAllocated', `Assigned IP ["${address}"]`, 'metallb-controller')
  record(service, 'Normal', 'nodeAssigned', `announcing from node "${node}" with protocol "layer2"`, 'metallb-speaker')
  objects.updateStatus(service, { ...service.status, loadBalancer: { ingress: [{ ip: address, ipMode: 'VIP' }] } })
}

/** What MetalLB's controller makes for its speakers. */
function ensureMemberList({ objects }: ControllerContext): void {
  if (objects.get('Secret', metallb, 'memberlist') !== undefined) return
  const secretkey = Buffer.from(crypto.randomUUID()).toString('base64')
  objects.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name: 'memberlist', namespace: metallb },
    data: { secretkey },
  })
}

/** Addresses for Services of type LoadBalancer: only from MetalLB, only when it runs and a node may announce them. */
export const loadBalancers: Reconciler = {
  name: 'load-balancers',
  watches: ['Service', 'Deployment', 'DaemonSet', 'Pod', 'Node', 'IPAddressPool', 'L2Advertisement', 'Secret'],
  reconcile: (context) => {
    const { objects } = context
    for (const service of objects.list('Service')) {
      if (service.spec.type !== 'LoadBalancer' && addressOf(service))
        objects.updateStatus(service, { ...service.status, loadBalancer: {} })
    }
    if (!isTrue(objects.get('Deployment', metallb, 'controller'), 'Available')) return
    ensureMemberList(context)
    const pools = objects.list('IPAddressPool', { namespace: metallb })
    // Those that ask for an address come first, so that nobody takes it by chance.
    const waiting = objects
      .list('Service')
      .filter(({ spec }) => spec.type === 'LoadBalancer' && !spec.loadBalancerClass)
    const order = (service: KubeObject) => (addressOf(service) ? 0 : wantedAddress(service) ? 1 : 2)
    for (const service of waiting.sort((one, other) => order(one) - order(other))) assign(context, service, pools)
  },
}
