import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createMasker } from '../../platform/masking.ts'
import { createAccessService } from './service.ts'
import { createTokenStore } from './token.ts'

it('answers wrong tokens from one address slower and slower, up to a limit, and others at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wild-access-'))
  const pauses: number[] = []
  const access = createAccessService({
    wanted: true,
    store: createTokenStore(join(folder, 'token.json')),
    clock: { now: () => 0, sleep: async (ms) => void pauses.push(ms) },
    masker: createMasker(),
    audit: { record: () => undefined, close: () => undefined },
  })
  const token = (await access.begin())!
  expect(await access.begin()).toBeUndefined()
  const wrong = (from: string) => access.check('wild_no', from).catch((error) => error.code)
  for (let times = 0; times < 8; times++) expect(await wrong('10.0.0.1')).toBe('UNAUTHENTICATED')
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
  await wrong('10.0.0.2')
  expect(pauses.at(-1)).toBe(250)
  await access.check(token, '10.0.0.1')
  await wrong('10.0.0.1')
  expect(pauses.at(-1)).toBe(250)
  rmSync(folder, { recursive: true })
})
