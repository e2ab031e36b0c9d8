import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { contextFrom, render } from '../../server/src/templates/index.ts'
import { bundled } from './lint.ts'
import { bare, grown } from './scenarios.ts'

const markers: Record<string, string> = {
  NODE_NAME: 'control-1',
  NODE_IP: '192.168.1.91',
  SCHEMATIC_ID: 'abc',
  VERSION: 'v1.11.5',
  PREFIX_LENGTH: '22',
}

/** A patch template as the daemon renders it: markers first, then the instance's settings. */
function patch(role: 'controlplane' | 'worker', config: Record<string, unknown>, name = 'control-1') {
  const file = join(bundled.catalog, 'setup/cluster-nodes/patch.templates', `${role}.yaml`)
  const filled = readFileSync(file, 'utf8').replace(/\{\{([A-Z_]+)\}\}/g, (_, marker: string) =>
    marker === 'NODE_NAME' ? name : markers[marker]!,
  )
  return parse(render(filled, contextFrom(config), { name: `${role}.yaml` }))
}

describe('the patch of a control plane', () => {
  it('gives it disk, image, name, a fixed address, the router and the shared address', () => {
    expect(patch('controlplane', bare.config).machine).toMatchObject({
      install: { disk: '/dev/sda', image: 'factory.talos.dev/metal-installer/abc:v1.11.5' },
      network: {
        hostname: 'control-1',
        interfaces: [
          {
            interface: 'eth0',
            dhcp: false,
            addresses: ['192.168.1.91/22'],
            routes: [{ network: '0.0.0.0/0', gateway: '192.168.1.1' }],
            vip: { ip: '192.168.1.90' },
          },
        ],
      },
    })
  })

  it('lets it carry apps and answer for services while there are no workers', () => {
    const { machine, cluster } = patch('controlplane', bare.config)
    expect(cluster).toEqual({ allowSchedulingOnControlPlanes: true })
    expect(machine.nodeLabels).toEqual({
      'node.kubernetes.io/exclude-from-external-load-balancers': { $patch: 'delete' },
    })
  })

  it('leaves both to the workers as soon as there is one', () => {
    const { machine, cluster } = patch('controlplane', grown.config)
    expect([machine.nodeLabels, cluster]).toEqual([undefined, undefined])
  })
})

describe('the patch of a worker', () => {
  it('gives it a fixed address and no shared one', () => {
    const { hostname, interfaces } = patch('worker', grown.config, 'worker-1').machine.network
    expect(hostname).toBe('worker-1')
    expect(interfaces).toEqual([
      {
        interface: 'eth0',
        dhcp: false,
        addresses: ['192.168.1.91/22'],
        routes: [{ network: '0.0.0.0/0', gateway: '192.168.1.1' }],
      },
    ])
  })
})

describe.each(['controlplane', 'worker'] as const)('every %s patch', (role) => {
  it('makes room for Longhorn', () => {
    expect(patch(role, bare.config).machine.kubelet.extraMounts).toEqual([
      {
        destination: '/var/lib/longhorn',
        source: '/var/lib/longhorn',
        type: 'bind',
        options: ['bind', 'rshared', 'rw'],
      },
    ])
  })

  it('names a resolver only when the instance has one', () => {
    expect(patch(role, bare.config).machine.network.nameservers).toBeUndefined()
    expect(patch(role, grown.config).machine.network.nameservers).toEqual(['9.9.9.9'])
  })

  it('refuses a machine without a disk or an interface, and says what to set', () => {
    const config = (node: object) => {
      const { cluster, ...rest } = structuredClone(bare.config) as { cluster: { nodes: object } }
      return { ...rest, cluster: { ...cluster, nodes: { ...cluster.nodes, active: { 'control-1': node } } } }
    }
    expect(() => patch(role, config({ role, interface: 'eth0' }))).toThrowError(
      /set cluster\.nodes\.active\.control-1\.disk/,
    )
    expect(() => patch(role, config({ role, disk: '/dev/sda' }))).toThrowError(
      /set cluster\.nodes\.active\.control-1\.interface/,
    )
  })
})
