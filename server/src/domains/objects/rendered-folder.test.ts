import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WildError } from '../../platform/errors.ts'
import { parseYamlContext } from '../../templates/index.ts'
import { filesBelow, renderFolder } from './rendered-folder.ts'
import { compareRendered, writeRendered } from './rendered-write.ts'

describe('a rendered folder', () => {
  let root: string
  const at = (path: string) => join(root, 'out', path)
  const read = (path: string) => readFileSync(at(path), 'utf8')
  const plan = (files: Record<string, string>) => ({
    folder: join(root, 'out'),
    note: join(root, 'note.json'),
    files: new Map(Object.entries(files)),
  })
  const nothing = { written: [], kept: [], removed: [], merged: [], conflicts: [] }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wild-rendered-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('writes files with their folders, then has nothing to do', async () => {
    const files = { 'a.yaml': 'a', 'deep/b.yaml': 'b' }
    expect((await writeRendered(plan(files))).written).toEqual(['a.yaml', 'deep/b.yaml'])
    expect(await filesBelow(join(root, 'out'))).toEqual(['a.yaml', 'deep/b.yaml'])
    expect(await compareRendered(plan(files))).toMatchObject(nothing)
  })

  it('does not touch a file that is already so', async () => {
    await writeRendered(plan({ 'a.yaml': 'a', 'b.yaml': 'b' }))
    utimesSync(at('a.yaml'), 1_000, 1_000)
    await writeRendered(plan({ 'a.yaml': 'a', 'b.yaml': 'changed' }))
    expect(statSync(at('a.yaml')).mtimeMs).toBe(1_000_000)
    expect(read('b.yaml')).toBe('changed')
  })

  it('keeps and reports what was edited by hand, again and again', async () => {
    await writeRendered(plan({ 'a.yaml': 'a' }))
    writeFileSync(at('a.yaml'), 'mine')
    for (const text of ['a', 'newer', 'newest'])
      expect(await writeRendered(plan({ 'a.yaml': text }))).toMatchObject({ written: [], kept: ['a.yaml'] })
    expect(read('a.yaml')).toBe('mine')
  })

  it('takes a file over again once the edit is undone', async () => {
    await writeRendered(plan({ 'a.yaml': 'a' }))
    writeFileSync(at('a.yaml'), 'mine')
    await writeRendered(plan({ 'a.yaml': 'newer' }))
    writeFileSync(at('a.yaml'), 'a')
    expect((await writeRendered(plan({ 'a.yaml': 'newer' }))).written).toEqual(['a.yaml'])
  })

  it('keeps a file that was there before, and one it knows nothing about', async () => {
    mkdirSync(join(root, 'out'))
    writeFileSync(at('a.yaml'), 'older')
    writeFileSync(at('own.yaml'), 'own')
    expect(await writeRendered(plan({ 'a.yaml': 'a' }))).toEqual({ ...nothing, kept: ['a.yaml'] })
    expect(read('own.yaml')).toBe('own')
  })

  it('removes what is no longer part of the entry, unless it was edited', async () => {
    await writeRendered(plan({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' }))
    writeFileSync(at('c.yaml'), 'mine')
    expect((await writeRendered(plan({ 'a.yaml': 'a' }))).removed).toEqual(['b.yaml'])
    expect(readdirSync(join(root, 'out'))).toEqual(['a.yaml', 'c.yaml'])
  })

  it('writes a deleted file again', async () => {
    await writeRendered(plan({ 'a.yaml': 'a' }))
    rmSync(at('a.yaml'))
    expect((await writeRendered(plan({ 'a.yaml': 'a' }))).written).toEqual(['a.yaml'])
  })

  it('does not take its own half-finished work for an edit by hand', async () => {
    await writeRendered(plan({ 'a.yaml': 'a', 'b.yaml': 'b', 'z.yaml': 'z' }))
    // A folder where a file should be stops the write in the middle, as a crash would.
    rmSync(at('z.yaml'))
    mkdirSync(at('z.yaml'))
    writeFileSync(at('z.yaml/x'), '')
    await expect(writeRendered(plan({ 'a.yaml': 'a2', 'b.yaml': 'b2', 'z.yaml': 'z2' }))).rejects.toThrow()
    rmSync(at('z.yaml'), { recursive: true })
    expect((await writeRendered(plan({ 'a.yaml': 'a3', 'b.yaml': 'b3' }))).written).toEqual(['a.yaml', 'b.yaml'])
  })

  it('overwrites nothing when its notes cannot be read', async () => {
    await writeRendered(plan({ 'a.yaml': 'a' }))
    writeFileSync(join(root, 'note.json'), '{ broken')
    expect((await writeRendered(plan({ 'a.yaml': 'b' }))).kept).toEqual(['a.yaml'])
  })
})

describe('rendering the templates of a folder', () => {
  let root: string
  const context = parseYamlContext('apps: { ghost: { port: 2368 } }\n')
  const render = () => renderFolder(root, context, (path) => path === 'README.md', 'ghost')

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wild-templates-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('renders every file but those left out', async () => {
    mkdirSync(join(root, 'deep'))
    writeFileSync(join(root, 'a.yaml'), 'port: {{ .apps.ghost.port }}')
    writeFileSync(join(root, 'deep/b.yaml'), 'b')
    writeFileSync(join(root, 'README.md'), '{{ broken')
    expect(await render()).toEqual(
      new Map([
        ['a.yaml', 'port: 2368'],
        ['deep/b.yaml', 'b'],
      ]),
    )
  })

  it('names file, line and key of a missing setting', async () => {
    writeFileSync(join(root, 'a.yaml'), 'one: 1\nhost: {{ .apps.ghost.domain }}\n')
    const error = await render().catch((thrown: unknown) => thrown as WildError)
    expect(error).toBeInstanceOf(WildError)
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      message: 'ghost/a.yaml line 2 needs the setting apps.ghost.domain, which is not there yet.',
      details: {
        file: 'ghost/a.yaml',
        line: 2,
        field: 'apps.ghost.domain',
        hint: 'wild-cli config set apps.ghost.domain VALUE',
      },
    })
  })

  it('names the whole key when a section above it is missing', async () => {
    writeFileSync(join(root, 'a.yaml'), '{{ .apps.mysql.port }}')
    await expect(render()).rejects.toMatchObject({ details: { field: 'apps.mysql.port', line: 1 } })
  })

  it('tells a broken template from a missing setting', async () => {
    writeFileSync(join(root, 'a.yaml'), 'a\nb: {{ if }}\n')
    await expect(render()).rejects.toMatchObject({ code: 'CONFIG_INVALID', details: { file: 'ghost/a.yaml', line: 2 } })
  })
})
