import { afterEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '../objects.ts'
import { freeAddress, poolHas } from './address-pools.ts'
import { addressOf } from './load-balancers.ts'
import { deployment, service, startTestCluster, type TestCluster, testNode } from './test-cluster.ts'
import { addAddressPool, addMetallb } from './test-services.ts'

const pool = (...addresses: string[]): KubeObject => ({
  apiVersion: 'metallb.io/v1beta1',
  kind: 'IPAddressPool',
  metadata: { name: 'first-pool', namespace: 'metallb-system' },
  spec: { addresses },
})

describe('an address pool', () => {
  it('knows ranges and networks', () => {
    expect(poolHas(pool('127.77.0.80-127.77.0.89'), '127.77.0.85')).toBe(true)
    expect(poolHas(pool('127.77.0.80-127.77.0.89'), '127.77.0.90')).toBe(false)
    expect(poolHas(pool('10.0.0.0/30'), '10.0.0.3')).toBe(true)
    expect(poolHas(pool('nonsense'), '10.0.0.3')).toBe(false)
    expect(freeAddress(pool('10.0.0.1-10.0.0.2'), (one) => one !== '10.0.0.1')).toBe('10.0.0.2')
  })
})

describe('a Service of type LoadBalancer', () => {
  let cluster: TestCluster
  afterEach(() => cluster.close())
  const get = (name: string) => cluster.objects.get('Service', 'default', name)!
  const balancer = (name: string, annotations: object = {}) => {
    const made = service(name, 80, { type: 'LoadBalancer' })
    return { ...made, metadata: { ...made.metadata, annotations: { ...annotations } } }
  }

  it('stays pending until MetalLB runs and has a pool and an advertisement', async () => {
    cluster = await startTestCluster()
    cluster.add(balancer('web'))
    await cluster.pass(5)
    addMetallb(cluster)
    await cluster.pass(30)
    expect(cluster.events('AllocationFailed')).toEqual(['Failed to allocate IP for "default/web": no available IPs'])
    cluster.add(pool('127.77.0.80-127.77.0.81'))
    await cluster.pass(5)
    expect(addressOf(get('web'))).toBeUndefined()
    cluster.add({
      apiVersion: 'metallb.io/v1beta1',
      kind: 'L2Advertisement',
      metadata: { name: 'l2', namespace: 'metallb-system' },
      spec: { ipAddressPools: ['first-pool'] },
    })
    await cluster.settled()
    expect(addressOf(get('web'))).toBe('127.77.0.80')
    expect(cluster.events('IPAllocated')).toEqual(['Assigned IP ["127.77.0.80"]'])
  })

  it('gets the address it asks for when a pool has it, and others get what is left', async () => {
    cluster = await startTestCluster()
    addMetallb(cluster)
    await cluster.pass(30)
    cluster.add(
      balancer('any'),
      balancer('fixed', { 'metallb.io/loadBalancerIPs': '127.77.0.80' }),
      balancer('foreign', { 'metallb.io/loadBalancerIPs': '10.1.1.1' }),
      balancer('late'),
    )
    addAddressPool(cluster, '127.77.0.80-127.77.0.81')
    await cluster.settled()
    expect(['any', 'fixed', 'foreign', 'late'].map((name) => addressOf(get(name)))).toEqual([
      '127.77.0.81',
      '127.77.0.80',
      undefined,
      undefined,
    ])
    expect(cluster.events('AllocationFailed').sort()).toContain(
      'Failed to allocate IP for "default/foreign": ["10.1.1.1"] is not allowed in config',
    )
    cluster.objects.delete('Service', 'default', 'any')
    await cluster.settled()
    expect(addressOf(get('late'))).toBe('127.77.0.81')
    await cluster.restart()
    expect(addressOf(get('fixed'))).toBe('127.77.0.80')
  })

  it('is not announced by nodes that are excluded from load balancing', async () => {
    const excluded = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
    cluster = await startTestCluster([testNode('control-1', { labels: excluded })])
    addMetallb(cluster)
    addAddressPool(cluster, '127.77.0.80-127.77.0.81')
    cluster.add(balancer('web'), deployment('web'))
    await cluster.pass(40)
    expect(addressOf(get('web'))).toBeUndefined()
    cluster.view.nodes[0]!.labels = {}
    await cluster.settled()
    expect(addressOf(get('web'))).toBe('127.77.0.80')
  })
})
