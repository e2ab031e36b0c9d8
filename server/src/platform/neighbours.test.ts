import { describe, expect, it } from 'vitest'
import { hardwareAddressIn } from './neighbours.ts'

const table = `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         98:DA:C4:00:00:01     *        eth0
192.168.1.9      0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.1.90     0x1         0x6         52:54:00:12:34:56     *        eth0
`

describe('who has an address', () => {
  it('is read from the table of neighbours', () => {
    expect(hardwareAddressIn(table, '192.168.1.1')).toBe('98:da:c4:00:00:01')
    expect(hardwareAddressIn(table, '192.168.1.90')).toBe('52:54:00:12:34:56')
  })

  it('is nobody when the kernel asked in vain, never asked, or has no table', () => {
    expect(hardwareAddressIn(table, '192.168.1.9')).toBeUndefined()
    expect(hardwareAddressIn(table, '192.168.1.2')).toBeUndefined()
    expect(hardwareAddressIn('', '192.168.1.1')).toBeUndefined()
  })
})
