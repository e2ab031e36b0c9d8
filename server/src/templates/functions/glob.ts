import { FunctionFailure } from '../errors.ts'

/** One piece of a shell pattern: any run of characters, or one character that passes a test. */
type Piece = 'run' | ((character: string) => boolean)

/** Go's path.Match: `*`, `?`, `[a-z]` and backslash. Throws FunctionFailure for a broken pattern. */
export function matchGlob(pattern: string, name: string): boolean {
  const pieces = readPieces([...pattern])
  const characters = [...name]
  // The positions in the pattern reachable after each character; a run stays where it is.
  let reachable = closure(new Set([0]), pieces)
  for (const character of characters) {
    const next = new Set<number>()
    for (const at of reachable) {
      const piece = pieces[at]
      if (piece === 'run' && character !== '/') next.add(at)
      else if (typeof piece === 'function' && piece(character)) next.add(at + 1)
    }
    reachable = closure(next, pieces)
  }
  return reachable.has(pieces.length)
}

function closure(positions: Set<number>, pieces: Piece[]): Set<number> {
  for (const at of positions) if (pieces[at] === 'run') positions.add(at + 1)
  return positions
}

function readPieces(pattern: string[]): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string
    if (character === '*') pieces.push('run')
    else if (character === '?') pieces.push((one) => one !== '/')
    else if (character === '[') {
      const close = pattern.indexOf(']', at + 2)
      if (close < 0) throw new FunctionFailure('syntax error in pattern')
      pieces.push(characterClass(pattern.slice(at + 1, close)))
      at = close
    } else {
      const literal = character === '\\' ? pattern[++at] : character
      if (literal === undefined) throw new FunctionFailure('syntax error in pattern')
      pieces.push((one) => one === literal)
    }
  }
  return pieces
}

function characterClass(body: string[]): (character: string) => boolean {
  const negated = body[0] === '^'
  const items = negated ? body.slice(1) : body
  const ranges: [string, string][] = []
  for (let at = 0; at < items.length; at++) {
    const low = items[at] as string
    const high = items[at + 1] === '-' && items[at + 2] !== undefined ? (items[at + 2] as string) : low
    if (high !== low) at += 2
    ranges.push([low, high])
  }
  return (one) => one !== '/' && ranges.some(([low, high]) => one >= low && one <= high) !== negated
}
