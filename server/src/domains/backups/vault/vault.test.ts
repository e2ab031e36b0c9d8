import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createMasker } from '../../../platform/masking.ts'
import { createToolRunner, findTool } from '../../../platform/tool-runner.ts'
import { byDepth, holds } from '../../../testing/properties.ts'
import { type BackupManifest, newBackupId } from '../model.ts'
import { createArchiveVault } from './archive-vault.ts'
import { createResticVault } from './restic-vault.ts'
import { newSealKey, sealing, unsealing } from './sealed.ts'
import { pump, type Vault } from './vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'wild-vault-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const limitMs = 120_000

const passphrase = 'canary-passphrase-of-the-vault'
const masker = createMasker([passphrase])
const lines: string[] = []
const run = createToolRunner({ masker, listener: { started: ({ args }) => void lines.push(args.join(' ')) } })

function manifestFor(id: string): BackupManifest {
  const createdAt = '2026-01-31T02:03:04.000Z'
  return {
    format: 'wild-central-backup',
    version: 1,
    id,
    kind: 'home',
    instance: 'home',
    createdAt,
    reason: 'manual',
    quiet: false,
    parts: [],
  }
}

let number = 0
const makers: Record<string, (at?: string, password?: string) => Vault> = {
  archive: (at = join(folder, `archive-${++number}`), password = passphrase) =>
    createArchiveVault(at, async () => password),
  restic: (at = join(folder, `restic-${++number}`), password = passphrase) =>
    createResticVault({
      place: at,
      host: 'home',
      repository: async () => ({ repository: at, password, keys: {}, cache: join(folder, 'cache') }),
      cache: join(folder, `manifests-${number}`),
      known: join(folder, 'known', `${Buffer.from(at).toString('hex').slice(-40)}.txt`),
    }),
}

async function read(vault: Vault, id: string, part: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  await pump(
    (into) => vault.get(run, id, part, into),
    async (from) => {
      for await (const chunk of from) chunks.push(chunk as Buffer)
    },
  )
  return Buffer.concat(chunks)
}

function* filesBelow(at: string): Generator<string> {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    const path = join(at, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

describe('a sealed stream', () => {
  it(
    'gives back what was sealed however it is cut, and nothing once a byte is changed, cut off or moved',
    async () => {
      const key = await newSealKey(passphrase)
      const sizes = fc.constantFrom(0, 1, 65_535, 65_536, 65_537, 131_072, 200_000)
      await holds(
        byDepth({ quick: 15, ci: 60, full: 600 }),
        fc.tuple(sizes, fc.double({ min: 0, max: 0.999, noNaN: true })),
        async ([size, at]) => {
          const plain = randomBytes(size)
          const sealed = await all(sealing(key)(cut(plain, 1 + Math.floor(at * 70_000))))
          expect(sealed.includes(plain.subarray(0, 40)) && size > 40).toBe(false)
          expect((await all(unsealing(passphrase)(cut(sealed, 5_000)))).equals(plain)).toBe(true)
          const changed = Buffer.from(sealed)
          changed[Math.floor(at * sealed.length)]! ^= 1
          await expect(all(unsealing(passphrase)(cut(changed, 9_999)))).rejects.toMatchObject({ code: 'CONFLICT' })
          const short = sealed.subarray(0, Math.floor(at * sealed.length))
          await expect(all(unsealing(passphrase)(cut(short, 9_999)))).rejects.toMatchObject({ code: 'CONFLICT' })
        },
      )
    },
    limitMs,
  )

  it('says when the passphrase is another one', async () => {
    const sealed = await all(sealing(await newSealKey(passphrase))(cut(Buffer.from('hello'), 2)))
    const wrong = all(unsealing('another passphrase')(cut(sealed, 100)))
    await expect(wrong).rejects.toMatchObject({ code: 'CONFLICT', details: { field: 'passphrase' } })
  })
})

for (const [kind, make] of Object.entries(makers)) {
  describe.skipIf(kind === 'restic' && !findTool('restic'))(`a vault of kind ${kind}`, { timeout: limitMs }, () => {
    it('keeps streams that can be read back, and lists a backup as whole once it is finished', async () => {
      const vault = make()
      expect(await vault.list(run)).toEqual([])
      await vault.prepare(run)
      await vault.prepare(run)
      const id = newBackupId('home', ['home'], Date.now())
      const big = randomBytes(3_000_000)
      await vault.put(run, id, 'volume-a.tar', Readable.from(cut(big, 77_777)))
      await vault.put(run, id, 'small', Readable.from([Buffer.from('x')]))
      expect(await vault.list(run)).toEqual([{ id, parts: expect.arrayContaining(['volume-a.tar', 'small']) }])
      await vault.finish(run, manifestFor(id))
      expect(await vault.list(run)).toMatchObject([{ id, manifest: { id, kind: 'home' } }])
      expect((await read(vault, id, 'volume-a.tar')).equals(big)).toBe(true)
      expect((await read(vault, id, 'small')).toString()).toBe('x')
      await vault.check(run)
      await vault.remove(run, [id])
      expect(await vault.list(run)).toEqual([])
    })

    it('keeps nothing of a stream that fails', async () => {
      const vault = make()
      await vault.prepare(run)
      const id = newBackupId('home', ['home'], Date.now())
      const failing = pump(
        async (into) => {
          into.write(randomBytes(500_000))
          throw new Error('the other side died')
        },
        (from) => vault.put(run, id, 'volume-a.tar', from),
      )
      await expect(failing).rejects.toThrow('the other side died')
      expect((await vault.list(run)).flatMap(({ parts }) => parts)).toEqual([])
    })

    it('writes nothing in the clear and its passphrase into no argument', async () => {
      const at = join(folder, `secret-${kind}`)
      const vault = make(at)
      await vault.prepare(run)
      const id = newBackupId('home', ['home'], Date.now())
      await vault.put(run, id, 'files.bundle', Readable.from([Buffer.from('canary-content '.repeat(1_000))]))
      await vault.finish(run, manifestFor(id))
      for (const file of filesBelow(at)) expect(readFileSync(file, 'latin1')).not.toMatch(/canary/)
      expect(lines.join('\n')).not.toMatch(/canary/)
    })

    it('tells a wrong passphrase as that', async () => {
      const at = join(folder, `wrong-${kind}`)
      const vault = make(at)
      await vault.prepare(run)
      const id = newBackupId('home', ['home'], Date.now())
      await vault.put(run, id, 'files.bundle', Readable.from([Buffer.from('x')]))
      await expect(read(make(at, 'another passphrase'), id, 'files.bundle')).rejects.toMatchObject({ code: 'CONFLICT' })
      expect((await read(vault, id, 'files.bundle')).toString()).toBe('x')
    })

    it('tells a damaged backup as that', async () => {
      const at = join(folder, `damaged-${kind}`)
      const vault = make(at)
      await vault.prepare(run)
      const id = newBackupId('home', ['home'], Date.now())
      await vault.put(run, id, 'volume-a.tar', Readable.from([randomBytes(2_000_000)]))
      const largest = [...filesBelow(at)].sort((one, other) => statSync(other).size - statSync(one).size)[0]!
      chmodSync(largest, 0o600)
      const bytes = readFileSync(largest)
      bytes.fill(0, 1_000, 3_000)
      writeFileSync(largest, bytes)
      await expect(read(vault, id, 'volume-a.tar')).rejects.toThrow(/damaged/)
      // restic asks again and again for what is missing, which takes minutes.
      if (kind === 'restic') return
      truncateSync(largest, 5_000)
      await expect(read(vault, id, 'volume-a.tar')).rejects.toThrow(/damaged/)
    })
  })
}

describe.skipIf(!findTool('restic'))('a restic repository', { timeout: limitMs }, () => {
  it('whose disk is not mounted is refused instead of being made on the disk of the device', async () => {
    const vault = makers.restic!(join(folder, 'not-mounted', 'repository'))
    await expect(vault.prepare(run)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/Mount the disk/),
    })
    expect(existsSync(join(folder, 'not-mounted'))).toBe(false)
  })

  it('that was there and is gone is not begun anew', async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    const vault = makers.restic!(join(disk, 'repository'))
    await vault.prepare(run)
    rmSync(join(disk, 'repository'), { recursive: true })
    await expect(vault.prepare(run)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/not there any more/),
    })
    await expect(vault.list(run)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('with a password of its own tells a wrong one before anything is written', async () => {
    const at = join(folder, 'password')
    await makers.restic!(at).prepare(run)
    const other = makers.restic!(at, 'another passphrase')
    await expect(other.prepare(run)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/does not fit/),
    })
  })
})

async function* cut(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}
