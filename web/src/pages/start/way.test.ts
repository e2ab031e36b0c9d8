import { describe, expect, it } from 'vitest'
import { addressNumber, checkAddresses, rangeNumbers } from './addresses.ts'
import { adviceOn, type Found, stationOf } from './way.ts'

const order = ['setup', 'infrastructure', 'cluster', 'services', 'apps']
const found = (complete: number, more: Partial<Found> = {}): Found => ({
  phases: order.map((name, index) => ({ name, complete: index < complete })),
  nodes: [],
  clusterStatus: 'not_bootstrapped',
  atWork: [],
  ...more,
})
const assigned = { maintenance: true, status: 'configured' }
const setUp = { maintenance: false, status: 'applying' }

describe('the station of an instance', () => {
  it('follows from how things are', () => {
    expect(stationOf(found(0))).toBe('network')
    expect(stationOf(found(1))).toBe('machines')
    expect(stationOf(found(2, { nodes: [assigned, assigned] }))).toBe('review')
    expect(stationOf(found(2, { nodes: [setUp, assigned] }))).toBe('build')
    expect(stationOf(found(3, { nodes: [setUp], clusterStatus: 'ready' }))).toBe('services')
    expect(stationOf(found(4, { nodes: [setUp], clusterStatus: 'ready' }))).toBe('apps')
  })

  it('is the building while something is built', () => {
    expect(stationOf(found(2, { nodes: [assigned], atWork: [{ type: 'node.setup' }] }))).toBe('build')
    expect(stationOf(found(1, { atWork: [{ type: 'node.discover' }] }))).toBe('machines')
  })
})

describe('a choice of machines', () => {
  it('needs a control plane, and an odd number of them is better', () => {
    expect([adviceOn(0, 0), adviceOn(0, 2), adviceOn(1, 4), adviceOn(2, 0), adviceOn(3, 1)]).toEqual([
      { ok: false, about: 'none' },
      { ok: false, about: 'noPlane' },
      { ok: true, about: 'one' },
      { ok: true, about: 'even' },
      { ok: true, about: 'good' },
    ])
  })
})

describe('addresses', () => {
  const good = {
    router: '192.168.1.1',
    dns: '192.168.1.50',
    vip: '192.168.1.90',
    pool: '192.168.1.80-192.168.1.89',
    lb: '192.168.1.80',
  }
  const failing = (change: Partial<typeof good>) =>
    checkAddresses({ ...good, ...change }).flatMap(([check, ok]) => (ok ? [] : [check]))

  it('are read, or refused', () => {
    expect(addressNumber('192.168.1.1')).toBe(0xc0a80101)
    expect(['', '1.2.3', '1.2.3.256', '1.2.3.x', '1.2.3.4.5'].map(addressNumber)).toEqual(Array(5).fill(undefined))
    expect(rangeNumbers('10.0.0.9-10.0.0.1')).toBeUndefined()
  })

  it('fit together, or the check that fails says how', () => {
    expect(failing({})).toEqual([])
    expect(failing({ vip: '192.168.2.90' })).toEqual(['near'])
    expect(failing({ dns: '192.168.1.90' })).toEqual(['apart'])
    expect(failing({ router: '192.168.1.85' })).toEqual(['apart'])
    expect(failing({ lb: '192.168.1.79' })).toEqual(['door'])
    expect(failing({ pool: '192.168.1.80-192.168.1.95' })).toEqual(['room'])
    expect(failing({ vip: '192.168.1.77' })).toEqual(['room'])
    expect(failing({ vip: 'x' })).toHaveLength(5)
  })
})
