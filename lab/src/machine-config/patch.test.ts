import { describe, expect, it } from 'vitest'
import { decodeConfig, encodeConfig, patchConfig } from './index.ts'

const base = `# a comment
version: v1alpha1
machine:
    type: controlplane
    network:
        interfaces:
            - interface: eth0
              addresses: [10.0.0.5/24]
    nodeLabels:
        node.kubernetes.io/exclude-from-external-load-balancers: ""
    certSANs: [a]
cluster:
    network:
        podSubnets: [10.244.0.0/16]
    apiServer:
        admissionControl:
            - name: PodSecurity
              configuration: {defaults: {enforce: baseline}}
`

const patched = (...patches: string[]) =>
  patches.reduce((config, patch) => patchConfig(config, patch), decodeConfig(base))
const text = (...patches: string[]) => encodeConfig(patched(...patches))

describe('a strategic merge patch', () => {
  it('appends to lists, so that a second application doubles them', () => {
    const patch = 'machine: {certSANs: [b]}'
    expect(patched(patch).main.machine.certSANs).toEqual(['a', 'b'])
    expect(patched(patch, patch).main.machine.certSANs).toEqual(['a', 'b', 'b'])
  })

  it('gives the same text every time it is applied to the pristine base', () => {
    const patch =
      'machine: {certSANs: [b], network: {hostname: one, interfaces: [{interface: eth0, dhcp: false, addresses: [10.0.0.6/24]}]}}'
    expect(text(patch)).toBe(text(patch))
    expect(encodeConfig(decodeConfig(text(patch)))).toBe(text(patch))
  })

  it('merges interfaces by name and appends their addresses', () => {
    const { interfaces } = patched(
      'machine: {network: {interfaces: [{interface: eth0, dhcp: true, addresses: [10.0.0.6/24]}, {interface: eth1, mtu: 9000}]}}',
    ).main.machine.network
    expect(interfaces).toEqual([
      { interface: 'eth0', addresses: ['10.0.0.5/24', '10.0.0.6/24'], dhcp: true },
      { interface: 'eth1', mtu: 9000 },
    ])
  })

  it('replaces pod subnets', () => {
    expect(patched('cluster: {network: {podSubnets: [10.1.0.0/16]}}').main.cluster.network.podSubnets).toEqual([
      '10.1.0.0/16',
    ])
  })

  it('merges admission control by name', () => {
    const { admissionControl } = patched(
      'cluster: {apiServer: {admissionControl: [{name: PodSecurity, configuration: {defaults: {warn: restricted}}}]}}',
    ).main.cluster.apiServer
    expect(admissionControl).toEqual([
      { name: 'PodSecurity', configuration: { defaults: { enforce: 'baseline', warn: 'restricted' } } },
    ])
  })

  it('deletes what is marked', () => {
    const { machine } = patched(
      'machine: {nodeLabels: {node.kubernetes.io/exclude-from-external-load-balancers: {$patch: delete}}}',
    ).main
    expect(machine.nodeLabels).toEqual({})
    expect(
      patched('machine: {network: {interfaces: [{interface: eth0, $patch: delete}]}}').main.machine.network.interfaces,
    ).toEqual([])
  })

  it('leaves the input as it was and drops comments', () => {
    const config = decodeConfig(base)
    patchConfig(config, 'machine: {certSANs: [b]}')
    expect(config.main.machine.certSANs).toEqual(['a'])
    expect(encodeConfig(config)).not.toContain('comment')
  })

  it('takes further documents along and deletes them by kind', () => {
    const rule = 'apiVersion: v1alpha1\nkind: KmsgLogConfig\nname: logs\nurl: tcp://10.0.0.1:1\n'
    expect(patched(rule).others).toHaveLength(1)
    expect(patched(rule, 'apiVersion: v1alpha1\nkind: KmsgLogConfig\nname: logs\n$patch: delete\n').others).toEqual([])
  })
})

describe('a patch is refused', () => {
  it.each([
    ['with an unknown key', 'machine: {bogus: 1}', 'unknown keys found during decoding:\nmachine:\n    bogus: 1\n'],
    ['without a kind', 'bogus: 1', 'missing kind'],
    [
      'of a kind that 1.11 lacks',
      'apiVersion: v1alpha1\nkind: HostnameConfig',
      '"HostnameConfig" "v1alpha1": not registered',
    ],
    ['that is no YAML', 'machine: [', 'decode error: yaml: line 1:'],
    [
      'with a value of the wrong type',
      'machine:\n  network:\n    interfaces:\n      - interface: eth0\n        dhcp: "yes"',
      'line 5: cannot unmarshal !!str `yes` into bool',
    ],
    [
      'that replaces what is not there',
      '[{"op":"replace","path":"/machine/foo/bar","value":1}]',
      'failure applying rfc6902 patches to talos machine config: replace operation does not apply: doc is missing path: /machine/foo/bar: missing value',
    ],
  ])('%s', (_, patch, message) => {
    expect(() => patched(patch)).toThrow(message)
  })
})

it('applies JSON 6902 operations in order', () => {
  const { machine } = patched(
    '[{"op":"add","path":"/machine/certSANs/-","value":"z"},{"op":"remove","path":"/machine/certSANs/0"},{"op":"replace","path":"/machine/type","value":"worker"}]',
  ).main
  expect(machine.certSANs).toEqual(['z'])
  expect(machine.type).toBe('worker')
})
