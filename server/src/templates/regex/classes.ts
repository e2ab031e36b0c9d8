import type { Ranges } from './nodes.ts'

const lastCode = 0x10ffff

const digit: Ranges = [[48, 57]]
const space: Ranges = [
  [9, 10],
  [12, 13],
  [32, 32],
]
const word: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]

/** Ranges of the classes a backslash letter names; upper-case letters are the complements. */
export const letterClasses: Record<string, Ranges> = {
  d: digit,
  s: space,
  w: word,
  D: complement(digit),
  S: complement(space),
  W: complement(word),
}

const upper: Ranges = [[65, 90]]
const lower: Ranges = [[97, 122]]
const alpha: Ranges = [...upper, ...lower]

/** Ranges of the classes written [:name:]. */
export const namedClasses: Record<string, Ranges> = {
  alnum: [...digit, ...alpha],
  alpha,
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit,
  graph: [[33, 126]],
  lower,
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper,
  word,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
}

/** The ranges that hold every code point the given ones do not. */
export function complement(ranges: Ranges): Ranges {
  const result: Ranges = []
  let next = 0
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > next) result.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= lastCode) result.push([next, lastCode])
  return result
}

const propertyCache = new Map<string, Ranges | undefined>()

/** The ranges of a Unicode category or script such as L, Lu or Greek; undefined when there is none of that name. */
export function unicodeClass(name: string): Ranges | undefined {
  if (!propertyCache.has(name)) propertyCache.set(name, readUnicodeClass(name))
  return propertyCache.get(name)
}

function readUnicodeClass(name: string): Ranges | undefined {
  for (const property of [`\\p{gc=${name}}`, `\\p{sc=${name}}`]) {
    try {
      return rangesOf(new RegExp(`^${property}$`, 'u'))
    } catch {
      // Not a property of this kind; the next kind may have it.
    }
  }
  return undefined
}

function rangesOf(test: RegExp): Ranges {
  const ranges: Ranges = []
  for (let code = 0; code <= lastCode; code++) {
    if (!test.test(String.fromCodePoint(code))) continue
    const last = ranges[ranges.length - 1]
    if (last && last[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  return ranges
}
