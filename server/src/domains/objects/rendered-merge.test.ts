import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mergeTexts } from './rendered-merge.ts'
import { keepBases, sha256 } from './rendered-note.ts'
import { compareRendered, writeRendered } from './rendered-write.ts'

const lines = (...numbers: (number | string)[]) => numbers.map((number) => `line ${number}\n`).join('')
const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

describe('bringing two changes together', () => {
  it('takes both when they are apart, and neither when they are in the same lines', () => {
    const base = lines(...ten)
    const mine = base.replace('line 2', 'mine')
    expect(mergeTexts(mine, base, base.replace('line 9', 'theirs'))).toBe(mine.replace('line 9', 'theirs'))
    expect(mergeTexts(mine, base, base.replace('line 2', 'theirs'))).toBeUndefined()
  })

  it('keeps every line of mine that the other side did not change, whatever both do', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
      .map((all) => all.map((l) => `${l}\n`).join(''))
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(mergeTexts(base, base, other)).toBe(other)
        expect(mergeTexts(other, base, base)).toBe(other)
      }),
    )
  })
})

describe('a file edited by hand, of which a new version comes', () => {
  let root: string
  const base = lines(...ten)
  const mine = base.replace('line 2', 'mine')
  const theirs = base.replace('line 9', 'theirs')
  const at = () => join(root, 'out/a.yaml')
  const plan = (text: string, putAside?: string) => ({
    folder: join(root, 'out'),
    note: join(root, 'rendered/note.json'),
    files: new Map([['a.yaml', text]]),
    ...(putAside ? { putAside } : {}),
  })

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'wild-merge-'))
    await writeRendered(plan(base))
    writeFileSync(at(), mine)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('gets what is new and keeps the edit; then there is nothing to do', async () => {
    expect(await writeRendered(plan(theirs))).toMatchObject({ written: ['a.yaml'], merged: ['a.yaml'], kept: [] })
    expect(readFileSync(at(), 'utf8')).toBe(mine.replace('line 9', 'theirs'))
    expect(await compareRendered(plan(theirs))).toMatchObject({ written: [], kept: ['a.yaml'], conflicts: [] })
    // The next version goes on from the last one.
    const next = theirs.replace('line 6', 'later')
    await writeRendered(plan(next))
    expect(readFileSync(at(), 'utf8')).toBe(mine.replace('line 9', 'theirs').replace('line 6', 'later'))
  })

  it('is kept and called a conflict when both change the same lines, again and again', async () => {
    for (const word of ['one', 'two'])
      expect(await writeRendered(plan(base.replace('line 2', word)))).toMatchObject({
        written: [],
        kept: ['a.yaml'],
        conflicts: ['a.yaml'],
      })
    expect(readFileSync(at(), 'utf8')).toBe(mine)
  })

  it('is put aside, not lost, when the new text is wanted', async () => {
    const wanted = base.replace('line 2', 'theirs')
    await writeRendered(plan(wanted, join(root, 'aside')))
    expect(readFileSync(at(), 'utf8')).toBe(wanted)
    const [kept] = readdirSync(join(root, 'aside'))
    expect(readFileSync(join(root, 'aside', kept!), 'utf8')).toBe(mine)
  })

  it('is not merged twice when the power goes between the file and its note', async () => {
    const added = `${base}line 11\n`
    const merged = `${mine}line 11\n`
    await writeRendered(plan(added))
    expect(readFileSync(at(), 'utf8')).toBe(merged)
    // The note as it was while the file was being written.
    const note = JSON.stringify({ 'a.yaml': [sha256(base)], 'merged:a.yaml': [sha256(merged)] })
    await keepBases(plan(added).note, [base])
    writeFileSync(plan(added).note, note)
    await writeRendered(plan(added))
    expect(readFileSync(at(), 'utf8')).toBe(merged)
  })
})
