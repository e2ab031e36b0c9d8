import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentsText } from './disk-contents.ts'
import { guardDisk, objections, wordOf } from './disk-guard.ts'
import type { Disk, DiskContent, NodeRecord } from './model.ts'

const record: NodeRecord = { name: 'control-1', role: 'controlplane', disk: '/dev/sda', diskSerial: 'S1' }

function disk(change: Partial<Disk> = {}): Disk {
  const plain = { path: '/dev/sda', size: 512e9, model: 'Samsung', serial: 'S1', wwid: '', transport: 'sata' }
  return { ...plain, rotational: false, contents: [], ...change }
}

const part = (label: string, filesystem: string): DiskContent => ({ path: '/dev/sda1', label, filesystem, size: 1e9 })
const talos = [part('EFI', 'vfat'), part('META', 'talosmeta'), part('STATE', 'xfs'), part('EPHEMERAL', 'xfs')]
const reset = [part('EFI', 'vfat'), part('META', 'talosmeta'), part('STATE', ''), part('EPHEMERAL', '')]
const stick = [part('TALOS_V1_11_5', 'iso9660')]

describe('the disk that may be wiped', () => {
  it.each<[string, Partial<NodeRecord>, Partial<Disk>]>([
    ['the blank one that was chosen', {}, {}],
    ['one that a reset emptied', {}, { contents: reset }],
    ['one on which this node began to install Talos before', { installedDisk: 'S1' }, { contents: talos }],
    ['a USB disk that was agreed to before', { installedDisk: 'S1' }, { transport: 'usb', unsuitable: 'a USB disk' }],
    ['one nobody remembered anything of', { diskSerial: undefined }, {}],
  ])('is %s', (_what, change, found) => {
    const plain = disk(found)
    expect(guardDisk({ ...record, ...change }, [plain])).toBe(plain)
  })

  it.each<[string, Partial<NodeRecord>, Partial<Disk>, RegExp]>([
    ['another one at the same place', {}, { serial: 'S2' }, /not the disk that was chosen \(serial S1\).*serial S2/],
    ['one with a file system', {}, { contents: [part('photos', 'ext4')] }, /holds ext4 "photos" \(1 GB\)/],
    ['an encrypted one', {}, { contents: [part('', 'luks')] }, /holds luks/],
    ['one with Talos of somebody else', {}, { contents: talos }, /installation of Talos with its data/],
    ['one of this node with a foreign partition', { installedDisk: 'S1' }, { contents: [part('x', 'ntfs')] }, /ntfs/],
    ['the stick the machine was started from', {}, { transport: 'usb', contents: stick }, /started from/],
    ['the stick, agreed to or not', { installedDisk: 'S1' }, { transport: 'usb', contents: stick }, /started from/],
    ['a USB disk', {}, { transport: 'usb', unsuitable: 'a USB disk' }, /USB disk/],
  ])('is not %s, unless its word is typed', (_what, change, found, reason) => {
    const other = disk(found)
    const of = { ...record, ...change }
    const refused = expect.objectContaining({
      code: 'CONFLICT',
      message: expect.stringMatching(reason),
      details: expect.objectContaining({
        accept: other.serial,
        hint: `wild-cli node setup control-1 --accept-disk ${other.serial}`,
      }),
    })
    expect(() => guardDisk(of, [other])).toThrowError(refused)
    expect(() => guardDisk(of, [other], 'S9')).toThrowError(/"S9" is not its word/)
    expect(guardDisk(of, [other], other.serial)).toBe(other)
  })

  it.each<[string, Disk[], RegExp]>([
    ['is not there', [disk({ path: '/dev/sdb' })], /no disk \/dev\/sda. The chosen disk is now \/dev\/sdb/],
    ['is a CD-ROM', [disk({ unsuitable: 'a CD-ROM' })], /cannot hold Talos: it is a CD-ROM/],
    ['is too small', [disk({ size: 8e9, unsuitable: 'a USB disk', transport: 'usb' })], /cannot hold Talos/],
  ])('is refused whatever is typed when it %s', (_what, disks, reason) => {
    expect(() => guardDisk(record, disks, 'S1')).toThrowError(reason)
  })

  it('is never taken against an objection without exactly its own word', () => {
    const words = fc.string({ minLength: 1, maxLength: 12 }).filter((word) => word.trim() !== '')
    const contents = fc.array(fc.constantFrom(...talos, ...reset, part('a', 'ext4'), ...stick), { maxLength: 5 })
    fc.assert(
      fc.property(words, words, contents, fc.constantFrom('sata', 'usb'), (serial, typed, found, transport) => {
        const one = disk({ serial, contents: found, transport })
        const objected = objections(record, one).length > 0
        const take = () => guardDisk(record, [one], typed)
        if (objected && typed.trim() !== wordOf(one)) expect(take).toThrowError()
        else expect(take()).toBe(one)
      }),
    )
  })
})

describe('what is on a disk', () => {
  it('is told in words', () => {
    expect(contentsText(disk())).toBe('')
    expect(contentsText(disk({ contents: talos }))).toBe('an installation of Talos')
    expect(contentsText(disk({ contents: [part('photos', 'ext4')] }))).toBe('ext4 "photos" (1 GB)')
  })
})
