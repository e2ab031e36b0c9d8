import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { byDepth, holds } from '../../testing/properties.ts'
import { canonicalSchematic, type Schematic, schematic, schematicIdOf } from './schematic.ts'

const withExtensions = (...officialExtensions: string[]): Schematic => ({
  customization: { systemExtensions: { officialExtensions } },
})

describe('the id of a schematic', () => {
  it.each([
    [{ customization: {} }, '376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba'],
    [withExtensions(), '376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba'],
    [withExtensions('siderolabs/qemu-guest-agent'), 'ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515'],
    [
      withExtensions('siderolabs/iscsi-tools', 'siderolabs/util-linux-tools'),
      '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245',
    ],
  ])('is the one the image factory gives (%j)', (given, id) => {
    expect(schematicIdOf(given)).toBe(id)
  })

  it('is the same however the fields are ordered, and says the same when read again', async () => {
    const argument = fc.stringMatching(/^[a-z][a-z0-9_.=,:-]{0,20}$/)
    const one = fc.record({ args: fc.array(argument, { maxLength: 4 }), names: fc.array(argument, { maxLength: 4 }) })
    await holds(byDepth({ quick: 50, ci: 300, full: 2_000 }), one, ({ args, names }) => {
      const systemExtensions = { officialExtensions: names }
      const given: Schematic = { customization: { extraKernelArgs: args, systemExtensions } }
      const turned: Schematic = { customization: { systemExtensions, extraKernelArgs: args } }
      expect(schematicIdOf(turned)).toBe(schematicIdOf(given))
      const read = schematic.parse(parse(canonicalSchematic(given)))
      expect(read.customization.extraKernelArgs ?? []).toEqual(args)
      expect(schematicIdOf(read)).toBe(schematicIdOf(given))
    })
  })
})
