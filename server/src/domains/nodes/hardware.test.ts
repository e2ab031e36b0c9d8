import { describe, expect, it } from 'vitest'
import type { Link, Route, TalosDisk } from '../../tools/talosctl-resources.ts'
import { chooseDisk, chooseInterface, compareDisk, macOf, readDisks } from './hardware.ts'
import type { Disk } from './model.ts'

function link(id: string, spec: Partial<Link> = {}) {
  const full: Link = {
    type: 'ether',
    kind: '',
    hardwareAddr: '',
    permanentAddr: '',
    busPath: '',
    operationalState: 'up',
    linkState: true,
    driver: '',
    speedMbit: 1000,
    ...spec,
  }
  return { id, spec: full }
}

function route(spec: Partial<Route>) {
  return {
    id: 'r',
    spec: { family: 'inet4', dst: '', gateway: '192.168.1.1', outLinkName: 'eth0', priority: 1024, ...spec },
  }
}

function disk(id: string, spec: Partial<TalosDisk> = {}) {
  return {
    id,
    spec: {
      dev_path: `/dev/${id}`,
      size: 512e9,
      model: '',
      serial: '',
      wwid: '',
      transport: 'sata',
      rotational: false,
      readonly: false,
      cdrom: false,
      ...spec,
    },
  }
}

describe('the interface of a machine', () => {
  it('is the one of the IPv4 default route', () => {
    const routes = [
      route({ family: 'inet6', outLinkName: 'eth9' }),
      route({ dst: '192.168.1.0/24', gateway: '', outLinkName: 'eth0' }),
      route({ outLinkName: 'enp3s0' }),
    ]
    expect(chooseInterface([link('eth0'), link('enp3s0')], routes)).toMatchObject({
      name: 'enp3s0',
      reason: expect.stringContaining('default route'),
    })
  })

  it('is the one with the best priority when several routes lead out', () => {
    expect(
      chooseInterface(
        [],
        [route({ outLinkName: 'wlan0', priority: 2048 }), route({ outLinkName: 'eth0', priority: 1024 })],
      ).name,
    ).toBe('eth0')
  })

  it('is the first wired one that is up when no route leads out', () => {
    const links = [
      link('lo', { type: 'loopback' }),
      link('bond0', { kind: 'bond' }),
      link('eth0', { operationalState: 'down' }),
      link('wan0'),
      link('enp1s0'),
    ]
    expect(chooseInterface(links, []).name).toBe('enp1s0')
    expect(chooseInterface([link('wan0')], [])).toEqual({ name: 'wan0', reason: 'the only wired one that is up' })
    expect(chooseInterface([link('eth0', { operationalState: 'down' })], [])).toEqual({
      reason: 'no wired interface is up',
    })
  })

  it('tells its permanent address before the one it uses now', () => {
    expect(
      macOf([link('eth0', { permanentAddr: '00:11:22:33:44:AA', hardwareAddr: '02:00:00:00:00:01' })], 'eth0'),
    ).toBe('00:11:22:33:44:aa')
    expect(macOf([link('eth0', { hardwareAddr: '02:00:00:00:00:01' })], 'eth0')).toBe('02:00:00:00:00:01')
    expect(macOf([], 'eth0')).toBeUndefined()
  })
})

describe('the disk of a machine', () => {
  it('is the smallest that is large enough and none of CD-ROM, USB and read-only', () => {
    const disks = readDisks([
      disk('loop0', { readonly: true }),
      disk('sda', { size: 2e12 }),
      disk('sdb', { size: 9_999_999_999 }),
      disk('sdc', { size: 32e9, transport: 'usb' }),
      disk('sdd', { size: 64e9, readonly: true }),
      disk('sr0', { size: 20e9, cdrom: true }),
      disk('nvme0n1', { size: 512e9, transport: 'nvme' }),
    ])
    expect(disks.map(({ path, unsuitable }) => [path, unsuitable])).toEqual([
      ['/dev/sda', undefined],
      ['/dev/sdb', 'smaller than 10 GB'],
      ['/dev/sdc', 'a USB disk'],
      ['/dev/sdd', 'read-only'],
      ['/dev/sr0', 'a CD-ROM'],
      ['/dev/nvme0n1', undefined],
    ])
    const choice = chooseDisk(disks)
    expect(choice.disk?.path).toBe('/dev/nvme0n1')
    expect(choice.reason).toBe('the smallest of 2 suitable disks')
  })

  it('may be exactly 10 GB', () => {
    expect(chooseDisk(readDisks([disk('sda', { size: 10_000_000_000 })])).disk?.path).toBe('/dev/sda')
  })

  it('is none, with the reason for each, when nothing fits', () => {
    expect(chooseDisk([])).toEqual({ reason: 'the machine has no disk' })
    expect(chooseDisk(readDisks([disk('sda', { size: 8e9 }), disk('sdb', { transport: 'usb' })])).reason).toBe(
      'no disk fits: /dev/sda is smaller than 10 GB, /dev/sdb is a USB disk',
    )
  })

  it('stays the one Talos runs from', () => {
    const disks = readDisks([disk('sda', { size: 1e12 }), disk('sdb', { size: 20e9 })])
    expect(chooseDisk(disks, '/dev/sda').disk?.path).toBe('/dev/sda')
  })

  it('is known again by serial, else by WWID', () => {
    const now: Disk = {
      path: '/dev/sda',
      size: 1,
      model: '',
      serial: 'S1',
      wwid: 'W1',
      transport: '',
      rotational: false,
    }
    expect(compareDisk(now, { serial: 'S1', wwid: 'other' })).toBe('same')
    expect(compareDisk(now, { serial: 'S2' })).toBe('other')
    expect(compareDisk({ ...now, serial: '' }, { serial: 'S1', wwid: 'W1' })).toBe('same')
    expect(compareDisk({ ...now, serial: '', wwid: '' }, { serial: 'S1' })).toBe('other')
    expect(compareDisk(now, {})).toBe('unknown')
  })
})
