import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeTemporary, temporaryName, writeFileAtomic } from './atomic-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wild-atomic-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a replaced file', () => {
  it('leaves nothing beside it, and the old text when the new one cannot be written', async () => {
    const path = join(folder, 'a.yaml')
    await writeFileAtomic(path, 'old')
    mkdirSync(join(folder, 'taken', 'x'), { recursive: true })
    await expect(writeFileAtomic(join(folder, 'taken'), 'text')).rejects.toMatchObject({ code: 'EISDIR' })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a.yaml', 'taken'])
  })
})

describe('what a power cut left', () => {
  it('is removed at any depth, files and folders, and nothing else is', async () => {
    const deep = join(folder, 'home', 'setup')
    mkdirSync(deep, { recursive: true })
    const file = temporaryName(join(deep, 'control-1.yaml'))
    const staged = temporaryName(join(deep, 'generated'))
    writeFileSync(file, 'half')
    mkdirSync(staged)
    writeFileSync(join(staged, 'secrets.yaml'), 'secret')
    const kept = ['.hidden.tmp', 'notes.0123456789ab.tmp', '.a.0123456789AB.tmp', 'config.yaml'].map((name) =>
      join(deep, name),
    )
    for (const path of kept) writeFileSync(path, 'mine')
    expect((await removeTemporary(folder)).sort()).toEqual([file, staged].sort())
    expect(kept.every(existsSync)).toBe(true)
    expect(readdirSync(deep).length).toBe(kept.length)
  })

  it('is not looked for behind links', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'wild-elsewhere-'))
    const path = temporaryName(join(elsewhere, 'a'))
    writeFileSync(path, 'theirs')
    symlinkSync(elsewhere, join(folder, 'link'))
    expect(await removeTemporary(folder)).toEqual([])
    expect(existsSync(path)).toBe(true)
    rmSync(elsewhere, { recursive: true })
  })

  it('is nothing where there is no folder', async () => {
    expect(await removeTemporary(join(folder, 'nope'))).toEqual([])
  })
})
