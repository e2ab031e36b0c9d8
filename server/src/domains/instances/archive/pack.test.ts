import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { byDepth, holds } from '../../../testing/properties.ts'
import { fileMode, pack, problemOf, unpack } from './pack.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wild-pack-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const head = { format: 'wild-central-instance', name: 'home', exportedAt: '2026-01-31T00:00:00.000Z' }
const packed = (...entries: object[]) =>
  gzipSync([head, ...entries].map((each) => `${JSON.stringify(each)}\n`).join(''))
const file = (path: string, mode = 0o644) => ({ path, mode, data: Buffer.from('x').toString('base64') })

describe('unpacking', () => {
  it.each([
    ['a path that leads out', file('../evil')],
    ['a path that leads out by a folder', file('folder/../../evil')],
    ['an absolute path', file('/tmp/wild-evil')],
    ['a path of nothing', file('')],
    ['the folder itself', { path: '.', mode: 0o700 }],
    ['a slash at the end', { path: 'folder/', mode: 0o700 }],
    ['a NUL', file('a\0b')],
    ['a line break', file('a\nb')],
    ['a backslash', file('..\\evil')],
    ['a name too long', file('x'.repeat(256))],
    ['a path too deep', file(`${'a/'.repeat(50)}a`)],
    ['a name of our own leftovers', file('.x.0123456789ab.tmp')],
    ['a file there already', file('there')],
    ['a file below a file', file('there/x')],
    ['a file whose folder is missing', file('no/x')],
    ['a link', { path: 'link', mode: 0o777, link: '/etc/passwd' }],
    ['a mode that sets the user', file('x', 0o4755)],
    ['a mode that is no number', { ...file('x'), mode: '644' }],
  ])('refuses %s, and writes it nowhere', async (_what, entry) => {
    const unpacked = await unpack(packed(file('there'), entry))
    await expect(unpacked.into(join(folder, 'into'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'archive' },
    })
    expect(existsSync(join(folder, 'evil'))).toBe(false)
    expect(existsSync('/tmp/wild-evil')).toBe(false)
  })

  it.each([
    ['no gzip', Buffer.from('plain')],
    ['a cut gzip', packed(file('a')).subarray(0, 30)],
    ['no head', gzipSync('')],
    ['another head', gzipSync('{"format":"tar"}\n')],
    ['no JSON', gzipSync('hello\n')],
    ['a last line without an end', gzipSync(JSON.stringify(head))],
  ])('refuses %s', async (_what, bytes) => {
    await expect(unpack(bytes)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'archive' } })
  })

  it('never lets a path lead out, whatever it is made of', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', '/', '\\', '\0', 'a', '...', ' '),
      fc.string({ unit: 'binary' }),
    )
    await holds(byDepth({ quick: 300, ci: 5_000, full: 50_000 }), fc.array(part, { maxLength: 6 }), (parts) => {
      const path = parts.join('/')
      if (problemOf(path) === undefined) expect(join('/root', path)).toBe(`/root/${path}`)
    })
  })
})

describe('modes', () => {
  it.each([
    ['secrets.yaml', 0o644, 0o600],
    ['.kube/config', 0o666, 0o600],
    ['.talos/config', 0o640, 0o600],
    ['setup/cluster-nodes/generated/secrets.yaml', 0o644, 0o600],
    ['setup/cluster-nodes/final/control-1.yaml', 0o644, 0o600],
    ['.wildcloud/history/secrets.yaml/3.yaml', 0o644, 0o600],
    ['.wildcloud/generated-secrets.json', 0o644, 0o600],
    ['config.yaml', 0o666, 0o644],
    ['config.yaml', 0o400, 0o600],
    ['apps/x/run.sh', 0o755, 0o755],
  ])('of %s: %o becomes %o', (path, mode, written) => {
    expect(fileMode(path, mode)).toBe(written)
  })
})

describe('packing and unpacking', () => {
  it('gives every byte back, also of files that are no text and have odd names', async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9 äß€_.-]{1,20}$/).filter((text) => problemOf(text) === undefined)
    const files = fc.dictionary(name, fc.uint8Array({ maxLength: 300 }), { maxKeys: 8, noNullPrototype: true })
    let round = 0
    await holds(byDepth({ quick: 20, ci: 200, full: 2_000 }), files, async (contents) => {
      const from = join(folder, `from-${++round}`)
      const to = join(folder, `to-${round}`)
      mkdirSync(join(from, 'deep'), { recursive: true })
      for (const [each, bytes] of Object.entries(contents)) writeFileSync(join(from, 'deep', each), bytes)
      const unpacked = await unpack(await pack(from, head))
      await unpacked.into(to)
      expect(unpacked.name).toBe('home')
      expect(statSync(join(to, 'deep')).mode & 0o777).toBe(0o700)
      for (const [each, bytes] of Object.entries(contents))
        expect(new Uint8Array(readFileSync(join(to, 'deep', each)))).toEqual(bytes)
    })
  })
})
