import { compileRegex, type Instruction } from './compile.ts'
import { type Assertion, inRanges } from './nodes.ts'
import { parseRegex } from './parse.ts'

/** A match: offsets into the characters of the text, two per group; undefined where a group took no part. */
export type Match = (number | undefined)[]

interface Thread {
  at: number
  slots: Match
}

/**
 * A regular expression as Go has them. It runs all alternatives side by side, so its time grows with the length of
 * the text and never explodes; in return there are no back references.
 */
export class Regex {
  readonly groupNames: string[]
  private readonly program: Instruction[]

  /** Throws FunctionFailure with Go's text when the pattern is wrong. */
  constructor(pattern: string) {
    const { root, groupNames } = parseRegex(pattern)
    this.groupNames = groupNames
    this.program = compileRegex(root)
  }

  /**
   * Up to `limit` matches that do not overlap, from left to right; -1 for all. `spend` is told of the work done, in
   * instructions, and may stop it by throwing.
   */
  findAll(characters: string[], limit: number, spend: (work: number) => void = () => {}): Match[] {
    const text = characters.map((character) => character.codePointAt(0) ?? 0)
    const matches: Match[] = []
    let previousEnd = -1
    for (let start = 0; start <= text.length && matches.length !== limit; ) {
      const match = this.search(text, start, spend)
      if (!match) break
      const [from = 0, to = 0] = match
      // An empty match right behind the one before does not count.
      if (to > from || from !== previousEnd) matches.push(match)
      previousEnd = to
      start = to > from ? to : to + 1
    }
    return matches
  }

  private search(text: number[], start: number, spend: (work: number) => void): Match | undefined {
    let found: Match | undefined
    let threads: Thread[] = []
    for (let at = start; at <= text.length; at++) {
      const seen = new Set<number>()
      const ready: Thread[] = []
      for (const thread of threads) this.follow(thread, text, at, seen, ready)
      if (!found) this.follow({ at: 0, slots: [] }, text, at, seen, ready)
      spend(seen.size)
      const next: Thread[] = []
      for (const thread of ready) {
        const instruction = this.program[thread.at] as Instruction
        if (instruction.op === 'match') {
          found = thread.slots
          break
        }
        if (at < text.length && accepts(instruction, text[at] as number))
          next.push({ at: thread.at + 1, slots: thread.slots })
      }
      threads = next
      if (found && threads.length === 0) break
    }
    return found
  }

  /** Adds to `ready` every place a thread can be at without taking a character, best first. */
  private follow(start: Thread, text: number[], position: number, seen: Set<number>, ready: Thread[]): void {
    const stack = [start]
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      if (seen.has(thread.at)) continue
      seen.add(thread.at)
      const instruction = this.program[thread.at] as Instruction
      const { slots } = thread
      switch (instruction.op) {
        case 'jump':
          stack.push({ at: instruction.to, slots })
          break
        case 'split':
          stack.push({ at: instruction.second, slots }, { at: instruction.first, slots })
          break
        case 'save': {
          const saved = [...slots]
          saved[instruction.slot] = position
          stack.push({ at: thread.at + 1, slots: saved })
          break
        }
        case 'assert':
          if (holds(instruction.assertion, text, position)) stack.push({ at: thread.at + 1, slots })
          break
        default:
          ready.push(thread)
      }
    }
  }
}

function accepts(instruction: Instruction, code: number): boolean {
  if (instruction.op !== 'set') return false
  const plain = inRanges(instruction.ranges, code)
  if (!instruction.foldCase) return plain !== instruction.negated
  const character = String.fromCodePoint(code)
  const other = [character.toLowerCase(), character.toUpperCase()].some((cased) =>
    inRanges(instruction.ranges, cased.codePointAt(0) ?? 0),
  )
  return (plain || other) !== instruction.negated
}

function isWordCode(code: number | undefined): boolean {
  return code !== undefined && code < 128 && /\w/.test(String.fromCharCode(code))
}

function holds(assertion: Assertion, text: number[], at: number): boolean {
  switch (assertion) {
    case 'textStart':
      return at === 0
    case 'textEnd':
      return at === text.length
    case 'lineStart':
      return at === 0 || text[at - 1] === 10
    case 'lineEnd':
      return at === text.length || text[at] === 10
  }
  const atEdge = isWordCode(text[at - 1]) !== isWordCode(text[at])
  return atEdge === (assertion === 'wordEdge')
}
