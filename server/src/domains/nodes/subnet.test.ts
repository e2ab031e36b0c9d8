import { describe, expect, it } from 'vitest'
import { addressRange, hostsOf, networkOf, scanRange } from './subnet.ts'

const lan = '192.168.1.0/24'

describe('the range of a discovery', () => {
  it('covers every host of the network and no other address', () => {
    const hosts = [...hostsOf(scanRange('192.168.1.0/29', lan))]
    expect(hosts).toEqual(['192.168.1.1', '192.168.1.2', '192.168.1.3', '192.168.1.4', '192.168.1.5', '192.168.1.6'])
    expect(scanRange('192.168.1.77/32', lan).size).toBe(1)
    expect(scanRange('10.7.0.0/16', lan).size).toBe(65_534)
  })

  it('is refused when it is too large or not at home', () => {
    expect(() => scanRange('10.0.0.0/15', lan)).toThrowError(/too many addresses/)
    expect(() => scanRange('8.8.8.0/24', lan)).toThrowError(/not a private network/)
  })

  it('may be the LAN of the device even when its addresses are public ones', () => {
    expect(scanRange('198.51.100.0/24', '198.51.100.0/24').size).toBe(254)
  })
})

describe('addresses', () => {
  it('lie in the network their prefix length tells', () => {
    expect(networkOf('192.168.1.90', 24)).toBe('192.168.1.0/24')
    expect(networkOf('10.20.30.40', 20)).toBe('10.20.16.0/20')
  })

  it('are read from a pool written as a range', () => {
    expect(addressRange('0.0.0.1-0.0.1.0')).toEqual({ first: 1, last: 256 })
    expect(addressRange('nonsense')).toBeUndefined()
    expect(addressRange(undefined)).toBeUndefined()
  })
})
