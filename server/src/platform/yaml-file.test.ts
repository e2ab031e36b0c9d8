import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { byDepth, holds, seed } from '../testing/properties.ts'
import { createYamlFile } from './yaml-file.ts'
import { valueAt } from './yaml-path.ts'

let folder = ''
let count = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wild-yaml-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function aFile(text: string) {
  const path = join(folder, `${count++}.yaml`)
  writeFileSync(path, text)
  return { path, text: () => readFileSync(path, 'utf8'), ...createYamlFile(path, 'config.yaml') }
}

async function afterChange(text: string, path: string[], value: unknown): Promise<string> {
  const file = aFile(text)
  await file.change([{ path, value }])
  return file.text()
}

/** A document as people write them: any indentation, comments, quotes, blank lines, flow lists, texts over lines. */
interface Entry {
  key: string
  lines: string[]
  children?: Entry[]
}
const keys = ['name', 'cluster', 'dns', 'ip', 'port', 'on', 'key with blanks', '192.168.1.1', 'größe']
const written: Record<string, string> = { 'key with blanks': '"key with blanks"' }
const scalarText = fc.constantFrom(
  'plain',
  '  spaced',
  '"quoted"   # a note',
  "'single'",
  '012',
  '0x1F',
  'true',
  '~',
  '',
  '{a: 1,b: [x,  y]}',
  '[1,2 , 3]',
  '1.50',
  '|\n  line one\n    line two',
  '>-\n  folded\n  text\n\n  more',
  '\n- one\n-   two  # here\n- three: 3\n  four: 4',
)
const decoration = fc.constantFrom([], [], [], ['# a comment'], ['', '# after a blank line'], ['', ''])
const leaf = fc.record({ text: scalarText, before: decoration })
const { entries } = fc.letrec<{ entries: { key: string; before: string[]; value: unknown }[] }>((tie) => ({
  entries: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom(...keys),
      before: decoration,
      value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, tie('entries')),
    }),
    { selector: ({ key }) => key, minLength: 1, maxLength: 5 },
  ) as unknown as fc.Arbitrary<{ key: string; before: string[]; value: unknown }[]>,
}))
type Random = { key: string; before: string[]; value: unknown }[]

function build(random: Random, step: number, indent = ''): Entry[] {
  return random.map(({ key, before, value }) => {
    const name = `${indent}${written[key] ?? key}:`
    const lead = before.map((line) => (line ? indent + line : line))
    if (Array.isArray(value)) {
      const children = build(value, step, indent + ' '.repeat(step))
      return { key, lines: [...lead, name], children }
    }
    const [first, ...more] = (value as { text: string }).text.split('\n')
    const deeper = indent + ' '.repeat(step - 1)
    return { key, lines: [...lead, `${name} ${first}`.trimEnd(), ...more.map((line) => (line ? deeper + line : line))] }
  })
}

function linesOf(all: Entry[]): string[] {
  return all.flatMap(({ lines, children }) => [...lines, ...linesOf(children ?? [])])
}

/** Every path of a document, with the lines that stand outside it. */
function places(all: Entry[], path: string[] = []): { path: string[]; entry: Entry }[] {
  return all.flatMap((entry) => [
    { path: [...path, entry.key], entry },
    ...places(entry.children ?? [], [...path, entry.key]),
  ])
}

const value = fc.oneof(
  fc.constantFrom('text', 'two words', 'a: b', '# no comment', '12', 'true', '', ' padded ', 'two\nlines', '*star'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(['a', 1]),
  fc.constant({ x: 1, y: { z: 'deep' } }),
)
const documents = fc.tuple(entries, fc.integer({ min: 2, max: 4 }), fc.nat(), value)

/** True when all of `lines` stand in `text` in this order. */
function hasInOrder(text: string, lines: string[]): boolean {
  const all = text.split('\n')
  let at = 0
  for (const line of lines) {
    at = all.indexOf(line, at) + 1
    if (at === 0) return false
  }
  return true
}

describe('a change', () => {
  const runs = byDepth({ quick: 400, ci: 3_000, full: 15_000 })
  const deadline = byDepth({ quick: 60_000, ci: 300_000, full: 1_500_000 })

  it(
    'of one value leaves every other line as it was, byte by byte, and is read back',
    () =>
      holds(runs, documents, async ([random, step, pick, next]) => {
        const tree = build(random, step)
        const all = places(tree)
        const { path, entry } = all[pick % all.length]!
        const text = `${linesOf(tree).join('\n')}\n`
        const result = await afterChange(text, path, next)
        expect(valueAt(parse(result), path)).toEqual(next)
        // Its own line changes, and what stood below it.
        const below = linesOf(entry.children ?? []).length
        const lines = text.split('\n')
        const from = linesUpTo(tree, entry)
        const own = entry.lines.length - entry.lines.findIndex((line) => /^\s*[^\s#]/.test(line))
        const outside = [...lines.slice(0, from - own), ...lines.slice(from + below)]
        expect(hasInOrder(result, outside)).toBe(true)
      }),
    deadline,
  )

  it(
    'that adds a key adds lines and changes none',
    () =>
      holds(runs, documents, async ([random, step, pick, next]) => {
        const tree = build(random, step)
        const sections = [{ path: [] as string[] }, ...places(tree).filter(({ entry }) => entry.children)]
        const path = [...sections[pick % sections.length]!.path, 'added']
        const text = `${linesOf(tree).join('\n')}\n`
        const result = await afterChange(text, path, next)
        expect(valueAt(parse(result), path)).toEqual(next)
        expect(hasInOrder(result, text.split('\n'))).toBe(true)
      }),
    deadline,
  )

  it(
    'that deletes a key takes its lines away and no others',
    () =>
      holds(runs, documents, async ([random, step, pick]) => {
        const tree = build(random, step)
        const all = places(tree)
        const { path, entry } = all[pick % all.length]!
        const siblings =
          path.length > 1
            ? all.filter(
                (each) => each.path.length === path.length && `${each.path.slice(0, -1)}` === `${path.slice(0, -1)}`,
              )
            : tree
        // The last key of a section leaves `{}` behind, which is a change of the section's own line.
        fc.pre(siblings.length > 1)
        const text = `${linesOf(tree).join('\n')}\n`
        const result = await afterChange(text, path, undefined)
        expect(valueAt(parse(result), path)).toBeUndefined()
        const lines = text.split('\n')
        const from = linesUpTo(tree, entry)
        const own = entry.lines.length - entry.lines.findIndex((line) => /^\s*[^\s#]/.test(line))
        const below = linesOf(entry.children ?? []).length
        expect(result.split('\n')).toEqual([...lines.slice(0, from - own), ...lines.slice(from + below)])
      }),
    deadline,
  )

  it('keeps the note beside a value and the kind of its quotes', async () => {
    expect(await afterChange('a:   "x"   # why\nb: 0x1F\n', ['a'], 'y')).toBe('a:   "y"   # why\nb: 0x1F\n')
    expect(await afterChange('a: x   # why\nb: 0x1F\n', ['a'], 'y\nz')).toBe('a: |-   # why\n  y\n  z\nb: 0x1F\n')
    expect(await afterChange('a:\n  c: x # of c\nb: [1,  2]\n', ['a'], 'y\nz')).toBe('a: |-\n  y\n  z\nb: [1,  2]\n')
  })

  it('keeps Windows line ends', async () => {
    expect(await afterChange('a: 1\r\nb:\r\n  c: 2\r\n', ['b', 'd'], 3)).toBe('a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n')
  })

  it('of a list, of a value with an anchor or inside braces is made too', async () => {
    const text = 'list:\n- a\n- b\nbase: &base {x: 1}\nuse: *base\n'
    for (const [path, next] of [
      [['list', 1], 'c'],
      [['base', 'x'], 2],
      [['use'], 'other'],
    ] as [(string | number)[], unknown][]) {
      const file = aFile(text)
      await file.change([{ path, value: next }])
      expect(valueAt(parse(file.text()), path)).toEqual(next)
    }
  })
})

function linesUpTo(tree: Entry[], entry: Entry): number {
  let before = 0
  function visit(all: Entry[]): boolean {
    for (const each of all) {
      before += each.lines.length
      if (each === entry || visit(each.children ?? [])) return true
    }
    return false
  }
  visit(tree)
  return before
}

const changes = byDepth({ quick: 20, ci: 200, full: 200 })

describe('writers', () => {
  it(`at the same time lose nothing: 20 of them, ${changes} changes each`, async () => {
    const file = aFile('# kept\nshared: 0\n')
    const work = Array.from({ length: 20 }, async (_, writer) => {
      for (let n = 0; n < changes; n++)
        await file.change([
          { path: ['writers', `w${writer}`, `n${n % 10}`], value: n },
          { path: ['shared'], value: writer * changes + n },
        ])
    })
    await Promise.all(work)
    const tree = parse(file.text())
    expect(file.text()).toMatch(/^# kept\n/)
    const last = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`n${n}`, changes - 10 + n]))
    for (let writer = 0; writer < 20; writer++) expect(tree.writers[`w${writer}`]).toEqual(last)
  }, 120_000)

  it('killed at any moment leave a file that parses and holds a state they said or were about to say', async () => {
    const path = join(folder, 'killed.yaml')
    const writer = join(import.meta.dirname, '../testing/yaml-writer.ts')
    let random = seed
    for (let round = 0; round < byDepth({ quick: 20, ci: 100, full: 300 }); round++) {
      writeFileSync(path, '# by hand\ncount: 0\ncopy: 0\n')
      random = (random * 1_103_515_245 + 12_345) & 0x7fffffff
      const { tried, did } = await runAndKill(writer, path, 1 + (random % 40), random % 7)
      const tree = parse(readFileSync(path, 'utf8'))
      expect(tree.copy).toBe(tree.count)
      expect([did, tried]).toContain(tree.count)
      expect(readFileSync(path, 'utf8')).toMatch(/^# by hand\n/)
    }
    // What a killed writer leaves beside the file is hidden and never read.
    const left = readdirSync(folder).filter((name) => name.includes('killed') && name !== 'killed.yaml')
    expect(left.every((name) => name.startsWith('.') && name.endsWith('.tmp'))).toBe(true)
  }, 300_000)
})

/** Kills the writer some turns after its `after`th change; answers the last change it began and the last it finished. */
function runAndKill(
  script: string,
  path: string,
  after: number,
  turns: number,
): Promise<{ tried: number; did: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: join(import.meta.dirname, '../../..'),
    })
    const last = { tried: 0, did: 0 }
    let text = ''
    let left = turns
    function kill(): void {
      if (left-- > 0) setImmediate(kill)
      else child.kill('SIGKILL')
    }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const before = last.did
      text += chunk
      const lines = text.split('\n')
      text = lines.pop()!
      for (const line of lines) {
        const [word, n] = line.split(' ')
        last[word === 'try' ? 'tried' : 'did'] = Number(n)
      }
      if (before < after && last.did >= after) kill()
    })
    child.once('error', reject)
    child.once('close', () => resolve(last))
  })
}
