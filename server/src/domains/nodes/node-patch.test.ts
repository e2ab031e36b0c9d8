import { describe, expect, it } from 'vitest'
import { parse as parseYamlText } from 'yaml'
import type { NodeRecord } from './model.ts'
import { fillMarkers, markersOf, renderPatch } from './node-patch.ts'
import { aLan } from './testing/a-lan.ts'

const markers = {
  NODE_NAME: 'control-1',
  NODE_IP: '10.0.0.31',
  SCHEMATIC_ID: 'abc',
  VERSION: 'v1.11.5',
  PREFIX_LENGTH: '22',
}
const record: NodeRecord = {
  name: 'control-1',
  role: 'controlplane',
  targetIp: '10.0.0.31',
  interface: 'eth0',
  disk: '/dev/sda',
}

describe('the markers of a patch template', () => {
  it('are replaced wherever they stand, also inside other expressions', () => {
    const template =
      'a: {{NODE_IP}}/{{PREFIX_LENGTH}}\nb: {{ index .nodes "{{NODE_NAME}}" "disk" }}\nc: {{SCHEMATIC_ID}}:{{ VERSION }}\n'
    expect(fillMarkers(template, markers, 'controlplane.yaml')).toBe(
      'a: 10.0.0.31/22\nb: {{ index .nodes "control-1" "disk" }}\nc: abc:v1.11.5\n',
    )
  })

  it('that nobody fills are named with their file', () => {
    expect(() => fillMarkers('{{NODE_DISK}}', markers, 'worker.yaml')).toThrowError(
      /worker\.yaml has the marker \{\{NODE_DISK\}\}/,
    )
  })

  it('take the node’s own version and schematic before the instance’s', () => {
    const defaults = { version: 'v1.11.5', schematicId: 'abc' }
    expect(markersOf(record, defaults, 24)).toEqual({ ...markers, PREFIX_LENGTH: '24' })
    expect(markersOf({ ...record, version: 'v1.11.6', schematicId: 'own' }, defaults, 24)).toMatchObject({
      VERSION: 'v1.11.6',
      SCHEMATIC_ID: 'own',
    })
  })

  it('refuse values that would break out of the template', () => {
    expect(() => markersOf({ ...record, version: 'v1.11.5"\nevil: true' }, {}, 24)).toThrowError(/not a Talos version/)
    expect(() => markersOf({ ...record, targetIp: undefined }, {}, 24)).toThrowError(/no target address/)
  })
})

describe('the patch of a node', () => {
  const catalog = new URL('../../../../catalog', import.meta.url).pathname
  const nodes = [
    { ...record, name: 'control-1', targetIp: '127.119.24.91' },
    { ...record, name: 'worker-1', role: 'worker' as const, targetIp: '127.119.24.101' },
  ]

  async function rendered(count: number, options: { base?: string; index?: number } = {}) {
    const world = await aLan('127.119.24', [])
    try {
      await world.store.add('home', nodes.slice(0, count), { via: 'cli', reason: 'test' })
      const deps = { ...world.deps, settings: { ...world.deps.settings, catalogDirectory: catalog } }
      return await renderPatch(deps, 'home', nodes[options.index ?? 0]!, options.base ?? 'machine: {}\n')
    } finally {
      await world.close()
    }
  }

  it('of the bundled catalog names disk, image, address, router and VIP', async () => {
    expect(parseYamlText(await rendered(1))).toMatchObject({
      machine: {
        install: { disk: '/dev/sda', image: 'factory.talos.dev/metal-installer/abc123:v1.11.5' },
        network: {
          hostname: 'control-1',
          interfaces: [
            {
              interface: 'eth0',
              addresses: ['127.119.24.91/24'],
              routes: [{ network: '0.0.0.0/0', gateway: '127.119.24.1' }],
              vip: { ip: '127.119.24.90' },
            },
          ],
        },
      },
    })
  })

  it('lets control planes carry apps only while there are no workers', async () => {
    expect(parseYamlText(await rendered(1))).toMatchObject({ cluster: { allowSchedulingOnControlPlanes: true } })
    expect(parseYamlText(await rendered(2)).cluster).toBeUndefined()
  })

  it('gives a worker no VIP', async () => {
    const [network] = parseYamlText(await rendered(2, { index: 1 })).machine.network.interfaces
    expect(network.vip).toBeUndefined()
    expect(network.addresses).toEqual(['127.119.24.101/24'])
  })

  it('removes the host name document that newer tools write', async () => {
    const patch = await rendered(1, {
      base: 'machine: {}\n---\napiVersion: v1alpha1\nkind: HostnameConfig\nauto: stable\n',
    })
    expect(patch).toMatch(/---\napiVersion: v1alpha1\nkind: HostnameConfig\n\$patch: delete\n$/)
  })
})
