import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, ipToNumber, numberToIp } from '../../../platform/network.ts'
import type { SeenMachine } from '../model.ts'
import { type AssignmentWorld, firstFreeAddress, isTaken, planAssignments, roleFromName } from './plan.ts'

function machine(last: number, more: Partial<SeenMachine> = {}): SeenMachine {
  const disk = {
    path: '/dev/sda',
    size: 512e9,
    model: 'M',
    serial: `S${last}`,
    wwid: '',
    transport: 'sata',
    rotational: false,
  }
  return {
    mac: `00:11:22:33:44:${last.toString(16).padStart(2, '0')}`,
    ip: `192.168.1.${last}`,
    state: 'maintenance',
    maintenanceMode: true,
    interface: 'eth0',
    disks: [disk],
    selectedDisk: '/dev/sda',
    selectedDiskReason: 'the only suitable disk',
    seenAt: '2026-01-01T00:00:00.000Z',
    ...more,
  }
}

function world(more: Partial<AssignmentWorld> = {}): AssignmentWorld {
  return {
    wanted: ['control-1', 'control-2', 'control-3'],
    existing: [],
    free: [machine(103), machine(101), machine(102)],
    taken: {
      single: new Set(['192.168.1.1', '192.168.1.50']),
      ranges: [{ first: ipToNumber('192.168.1.80'), last: ipToNumber('192.168.1.89') }],
    },
    vip: '192.168.1.90',
    network: '192.168.1.0/24',
    hostnamePrefix: '',
    talosVersion: 'v1.11.5',
    schematicId: 'abc',
    ...more,
  }
}

describe('assigning machines to nodes', () => {
  it('gives control planes the addresses after the VIP, machines in the order of theirs', () => {
    const assignments = planAssignments(world())
    expect(assignments.map(({ record }) => [record.name, record.role, record.currentIp, record.targetIp])).toEqual([
      ['control-1', 'controlplane', '192.168.1.101', '192.168.1.91'],
      ['control-2', 'controlplane', '192.168.1.102', '192.168.1.92'],
      ['control-3', 'controlplane', '192.168.1.103', '192.168.1.93'],
    ])
    expect(assignments[0]!.record).toMatchObject({
      mac: '00:11:22:33:44:65',
      interface: 'eth0',
      disk: '/dev/sda',
      diskSerial: 'S101',
      version: 'v1.11.5',
      schematicId: 'abc',
      maintenance: true,
    })
  })

  it('lets workers keep the address they were found at', () => {
    const [assignment] = planAssignments(world({ wanted: ['worker-1'] }))
    expect(assignment!.record).toMatchObject({ role: 'worker', currentIp: '192.168.1.101', targetIp: '192.168.1.101' })
  })

  it('leaves names that are assigned as they are', () => {
    const known = { name: 'control-1', role: 'controlplane' as const, targetIp: '192.168.1.91', maintenance: false }
    const taken = { single: new Set(['192.168.1.91']), ranges: [] }
    const [first, second] = planAssignments(world({ wanted: ['control-1', 'control-2'], existing: [known], taken }))
    expect(first).toEqual({ record: known, existing: true, reason: 'assigned before' })
    expect(second!.record.targetIp).toBe('192.168.1.92')
  })

  it('skips addresses where another machine of the discovery sits, but not the machine’s own', () => {
    const free = [machine(91), machine(92)]
    expect(planAssignments(world({ wanted: ['control-1'], free })).map(({ record }) => record.targetIp)).toEqual([
      '192.168.1.91',
    ])
    const chosen = planAssignments(world({ wanted: ['control-1'], free, machine: '192.168.1.92' }))
    expect(chosen[0]!.record.targetIp).toBe('192.168.1.92')
  })

  it('takes the machine that is named, by hardware address or address', () => {
    const byMac = planAssignments(world({ wanted: ['control-1'], machine: '00:11:22:33:44:67' }))
    expect(byMac[0]!.record.currentIp).toBe('192.168.1.103')
    expect(() => planAssignments(world({ wanted: ['control-1'], machine: '192.168.1.7' }))).toThrowError(
      /No free machine 192\.168\.1\.7/,
    )
    expect(() => planAssignments(world({ machine: '192.168.1.101' }))).toThrowError(/name one node/)
  })

  it('passes over machines without a suitable disk, and says why when one is named', () => {
    const free = [
      machine(101, { selectedDisk: undefined, selectedDiskReason: 'no disk fits: /dev/sda is smaller than 10 GB' }),
      machine(102),
    ]
    expect(planAssignments(world({ wanted: ['control-1'], free }))[0]!.record.currentIp).toBe('192.168.1.102')
    expect(() => planAssignments(world({ wanted: ['control-1'], free, machine: '192.168.1.101' }))).toThrowError(
      /smaller than 10 GB/,
    )
  })

  it('says how many machines there are when there are too few', () => {
    expect(() => planAssignments(world({ free: [machine(101)] }))).toThrowError(/no machine left for control-2/)
    expect(() => planAssignments(world({ free: [] }))).toThrowError(/No free machine was found/)
  })

  it('refuses a worker whose address lies in the pool', () => {
    expect(() => planAssignments(world({ wanted: ['worker-1'], free: [machine(85)] }))).toThrowError(
      /cannot keep that address/,
    )
  })

  it('reads the role from the name, after the prefix of host names, else takes the one given', () => {
    expect(roleFromName('test-control-1', 'test-')).toBe('controlplane')
    expect(roleFromName('controlplane-2', '')).toBe('controlplane')
    expect(roleFromName('worker-9', 'test-')).toBe('worker')
    expect(roleFromName('nas', '')).toBeUndefined()
    expect(planAssignments(world({ wanted: ['nas'], role: 'worker' }))[0]!.record.role).toBe('worker')
    expect(() => planAssignments(world({ wanted: ['nas'] }))).toThrowError(/does not tell/)
    expect(() => planAssignments(world({ wanted: ['worker-1'], role: 'controlplane' }))).toThrowError(/says worker/)
  })
})

describe('the first free address', () => {
  const vip = '192.168.1.90'
  const network = '192.168.1.0/24'

  it('is never taken, never the VIP, always above it and in the network', () => {
    const singles = fc.uniqueArray(
      fc.integer({ min: 1, max: 254 }).map((last) => `192.168.1.${last}`),
      { maxLength: 150 },
    )
    const range = fc
      .tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 0, max: 30 }))
      .map(([from, size]) => ({ first: ipToNumber(`192.168.1.${from}`), last: ipToNumber(`192.168.1.${from}`) + size }))
    fc.assert(
      fc.property(singles, fc.array(range, { maxLength: 3 }), (single, ranges) => {
        const taken = { single: new Set(single), ranges }
        const allTaken = Array.from({ length: 164 }, (_, i) => numberToIp(ipToNumber(vip) + 1 + i)).every((ip) =>
          isTaken(taken, ip),
        )
        if (allTaken) return expect(() => firstFreeAddress(vip, network, taken)).toThrowError(/is taken/)
        const ip = firstFreeAddress(vip, network, taken)
        expect(isTaken(taken, ip)).toBe(false)
        expect(ipToNumber(ip)).toBeGreaterThan(ipToNumber(vip))
        expect(contains(network, ip) && !ip.endsWith('.255')).toBe(true)
        for (let value = ipToNumber(vip) + 1; value < ipToNumber(ip); value++)
          expect(isTaken(taken, numberToIp(value))).toBe(true)
      }),
    )
  })

  it('gives different addresses to all nodes of one assignment', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.uniqueArray(fc.integer({ min: 100, max: 250 }), { minLength: 20, maxLength: 30 }),
        (count, lasts) => {
          const wanted = Array.from({ length: count }, (_, i) => `control-${i + 1}`)
          const records = planAssignments(world({ wanted, free: lasts.map((last) => machine(last)) })).map(
            ({ record }) => record,
          )
          expect(new Set(records.map(({ targetIp }) => targetIp)).size).toBe(count)
          expect(new Set(records.map(({ mac }) => mac)).size).toBe(count)
          for (const { mac, targetIp } of records) {
            const holder = lasts.find((last) => `192.168.1.${last}` === targetIp)
            if (holder !== undefined) expect(mac).toBe(machine(holder).mac)
          }
        },
      ),
    )
  })
})
