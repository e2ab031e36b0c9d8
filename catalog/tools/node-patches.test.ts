import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  decodeConfig,
  encodeConfig,
  type MachineConfig,
  patchConfig,
  type Tree,
  validateConfig,
} from '../../lab/src/machine-config/index.ts'
import { generateConfig } from '../../lab/src/talosctl/gen/machine-configs.ts'
import { generateSecrets } from '../../lab/src/talosctl/gen/secrets-bundle.ts'
import { fillMarkers } from '../../server/src/domains/nodes/node-patch.ts'
import { contextFrom, render } from '../../server/src/templates/index.ts'
import { bundled } from './lint.ts'
import { bare, grown, type Scenario, usual } from './scenarios.ts'

const roles = ['controlplane', 'worker'] as const
type Role = (typeof roles)[number]

/** A patch as the daemon renders it: markers first, then the instance's settings. */
function patchText(role: Role, config: Record<string, unknown>, name = 'control-1', ip = '192.168.1.91'): string {
  const file = join(bundled.catalog, 'setup/cluster-nodes/patch.templates', `${role}.yaml`)
  const markers = { NODE_NAME: name, NODE_IP: ip, SCHEMATIC_ID: 'abc', VERSION: 'v1.11.5', PREFIX_LENGTH: '22' }
  const filled = fillMarkers(readFileSync(file, 'utf8'), markers, `${role}.yaml`)
  return render(filled, contextFrom(config), { name: `${role}.yaml` })
}

const patch = (...args: Parameters<typeof patchText>): Tree => parse(patchText(...args))

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

  it.each([bare, usual])(
    'lets it carry apps and answer for services in a $name instance, which has no workers',
    ({ config }) => {
      const { machine, cluster } = patch('controlplane', config)
      expect(cluster).toEqual({ allowSchedulingOnControlPlanes: true })
      expect(machine.nodeLabels).toEqual({
        'node.kubernetes.io/exclude-from-external-load-balancers': { $patch: 'delete' },
      })
    },
  )

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

describe.each(roles)('every %s patch', (role) => {
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

describe('a generated configuration with the patch of its machine', () => {
  let generated: Record<Role, MachineConfig>

  beforeAll(async () => {
    const secrets = await generateSecrets()
    const options = {
      clusterName: 'home',
      endpoint: 'https://192.168.1.90:6443',
      kubernetesVersion: '1.34.1',
      installDisk: '/dev/sda',
      installImage: 'ghcr.io/siderolabs/installer:v1.11.5',
      dnsDomain: 'cluster.local',
      additionalSans: [],
      persist: true,
      discovery: true,
      kubespan: false,
      registryMirrors: [],
    }
    const base = (role: Role): MachineConfig => ({ main: generateConfig(role, secrets, options), others: [] })
    generated = { controlplane: base('controlplane'), worker: base('worker') }
  })

  interface Machine {
    scenario: Scenario
    instance: string
    name: string
    role: Role
    ip: string
  }

  const machines = [bare, usual, grown].flatMap((scenario) => {
    const { cluster } = scenario.config as {
      cluster: { nodes: { active: Record<string, { role: Role; targetIp: string }> } }
    }
    return Object.entries(cluster.nodes.active).map(
      ([name, { role, targetIp }]): Machine => ({ scenario, instance: scenario.name, name, role, ip: targetIp }),
    )
  })

  const merged = ({ role, scenario, name, ip }: Machine): MachineConfig =>
    patchConfig(generated[role], patchText(role, scenario.config, name, ip))

  it.each(machines)('is valid for $name of a $instance instance', (machine) => {
    const config = decodeConfig(encodeConfig(merged(machine)))
    expect(validateConfig(config, 'metal')).toEqual({ warnings: [], errors: [] })
    expect(config.main.machine).toMatchObject({
      type: machine.role,
      install: { image: 'factory.talos.dev/metal-installer/abc:v1.11.5' },
      network: { hostname: machine.name, interfaces: [{ addresses: [`${machine.ip}/22`] }] },
    })
  })

  it('keeps load balancers away from control planes only where workers can answer', () => {
    const label = 'node.kubernetes.io/exclude-from-external-load-balancers'
    const labelled = machines
      .filter(({ role }) => role === 'controlplane')
      .map((machine) => [machine.instance, label in merged(machine).main.machine.nodeLabels])
    expect(new Set(labelled.map(String))).toEqual(new Set(['bare,false', 'usual,false', 'grown,true']))
  })
})
