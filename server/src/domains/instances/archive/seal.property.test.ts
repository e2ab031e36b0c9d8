import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byDepth, holds } from '../../../testing/properties.ts'
import { seal, unseal } from './seal.ts'

const passphrase = 'correct horse battery staple'
// Each try costs a key of scrypt, on purpose slow.
const runs = byDepth({ quick: 12, ci: 100, full: 1_000 })
const limitMs = 20_000 + runs * 2_000

describe('a sealed file', () => {
  it(
    'opens to the bytes that were sealed, whatever they are',
    async () => {
      await holds(Math.ceil(runs / 4), fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        expect(Buffer.from(await unseal(await seal(Buffer.from(bytes), passphrase), passphrase))).toEqual(
          Buffer.from(bytes),
        )
      })
    },
    limitMs,
  )

  it(
    'is refused with any byte of it changed',
    async () => {
      const sealed = await seal(randomBytes(120), passphrase)
      await holds(
        runs,
        fc.record({ place: fc.nat(sealed.length - 1), bits: fc.integer({ min: 1, max: 255 }) }),
        async ({ place, bits }) => {
          const changed = Buffer.from(sealed)
          changed[place] = changed[place]! ^ bits
          await expect(unseal(changed, passphrase)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
        },
      )
    },
    limitMs,
  )

  it(
    'is refused when cut anywhere',
    async () => {
      const sealed = await seal(randomBytes(120), passphrase)
      await holds(50, fc.nat(sealed.length - 1), async (length) => {
        await expect(unseal(sealed.subarray(0, length), passphrase)).rejects.toMatchObject({
          code: 'INVALID_INPUT',
          details: { field: 'archive' },
        })
      })
    },
    limitMs,
  )

  it('opens with the same letters typed on another system, and not with others', async () => {
    const sealed = await seal(Buffer.from('x'), 'Übergrößenträger'.normalize('NFD'))
    expect((await unseal(sealed, 'Übergrößenträger'.normalize('NFC'))).toString()).toBe('x')
    await expect(unseal(sealed, 'Ubergroßentrager')).rejects.toMatchObject({ details: { field: 'passphrase' } })
  })
})
