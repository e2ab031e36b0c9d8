import { describe, expect, it } from 'vitest'
import {
  diskSpec,
  machineStatusSpec,
  parseClientVersion,
  parseEtcdMembers,
  parseResources,
  routeSpec,
  serviceSpec,
} from './talosctl-resources.ts'

/** As talosctl prints it: documents one after another, keys sorted, 4 spaces. */
function printed(...documents: { id: string | number; spec: unknown }[]): string {
  return documents
    .map(({ id, spec }) =>
      JSON.stringify(
        { metadata: { id, namespace: 'runtime', owner: null, phase: 'running', version: 1 }, node: '', spec },
        null,
        4,
      ),
    )
    .join('\n')
}

describe('resources of talosctl get', () => {
  it('are an empty list when there are none', () => {
    expect(parseResources('', 'disks', diskSpec)).toEqual([])
  })

  it('fill in what Talos leaves out when it is empty', () => {
    const stdout = printed({
      id: 'sda',
      spec: { dev_path: '/dev/sda', size: 512110190592, pretty_size: '512 GB', transport: 'sata' },
    })
    expect(parseResources(stdout, 'disks', diskSpec)).toEqual([
      {
        id: 'sda',
        spec: {
          dev_path: '/dev/sda',
          size: 512110190592,
          model: '',
          serial: '',
          wwid: '',
          transport: 'sata',
          rotational: false,
          readonly: false,
          cdrom: false,
        },
      },
    ])
  })

  it('keep an id of digits, which arrives as a number, as text', () => {
    expect(
      parseResources(
        printed({ id: 7, spec: { running: true, healthy: true, unknown: false } }),
        'services',
        serviceSpec,
      )[0]!.id,
    ).toBe('7')
  })

  it('leave the destination of the default route empty', () => {
    const stdout = printed({
      id: 'inet4/192.168.1.1//1024',
      spec: { family: 'inet4', dst: '', gateway: '192.168.1.1', outLinkName: 'eth0', priority: 1024 },
    })
    expect(parseResources(stdout, 'routes', routeSpec)[0]!.spec).toEqual({
      family: 'inet4',
      dst: '',
      gateway: '192.168.1.1',
      outLinkName: 'eth0',
      priority: 1024,
    })
  })

  it('tell a machine that is up from one that waits, with its reasons', () => {
    const booting = printed({
      id: 'machine',
      spec: {
        stage: 'booting',
        status: { ready: false, unmetConditions: [{ name: 'services', reason: 'etcd not running' }] },
      },
    })
    expect(parseResources(booting, 'machinestatus', machineStatusSpec)[0]!.spec).toEqual({
      stage: 'booting',
      status: { ready: false, unmetConditions: [{ name: 'services', reason: 'etcd not running' }] },
    })
    const running = printed({
      id: 'machine',
      spec: { stage: 'running', status: { ready: true, unmetConditions: null } },
    })
    expect(parseResources(running, 'machinestatus', machineStatusSpec)[0]!.spec.status.unmetConditions).toEqual([])
  })

  it('name the resource when the output is not what we know', () => {
    expect(() => parseResources('NODE NAMESPACE', 'disks', diskSpec)).toThrowError(/unexpected for "disks"/)
  })
})

describe('other output', () => {
  it('finds the client version in one line or many', () => {
    expect(parseClientVersion('Talos v1.11.5\n')).toBe('v1.11.5')
    expect(parseClientVersion('Client:\n\tTag:         v1.12.0-alpha.1\n')).toBe('v1.12.0-alpha.1')
    expect(parseClientVersion('nothing')).toBeUndefined()
  })

  it('reads the table of etcd members by its header', () => {
    const table = [
      'NODE            ID                  HOSTNAME    PEER URLS                     CLIENT URLS                   LEARNER',
      '192.168.1.91    7a3f1e0c5b2d4f60    control-1   https://192.168.1.91:2380     https://192.168.1.91:2379     false',
      '192.168.1.91    1b3f1e0c5b2d4f61    control-2   https://192.168.1.92:2380     https://192.168.1.92:2379     true',
    ].join('\n')
    expect(parseEtcdMembers(table)).toEqual([
      { id: '7a3f1e0c5b2d4f60', hostname: 'control-1', learner: false },
      { id: '1b3f1e0c5b2d4f61', hostname: 'control-2', learner: true },
    ])
    expect(parseEtcdMembers('')).toEqual([])
  })
})
