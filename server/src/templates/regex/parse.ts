import { FunctionFailure } from '../errors.ts'
import { complement, letterClasses, namedClasses, unicodeClass } from './classes.ts'
import type { Assertion, Ranges, RegexNode } from './nodes.ts'

/** A parsed expression and the names of its groups; index 0 is the whole match. */
export interface ParsedRegex {
  root: RegexNode
  groupNames: string[]
}

const mostRepeats = 1000
const mostDepth = 200

interface Flags {
  foldCase: boolean
  multiLine: boolean
  dotAll: boolean
  swapGreed: boolean
}

const edges: Record<string, Assertion> = { A: 'textStart', z: 'textEnd', b: 'wordEdge', B: 'noWordEdge' }
const controls: Record<string, number> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

/** Parses Go's regular expression syntax (RE2). Throws FunctionFailure with Go's text. */
export function parseRegex(pattern: string): ParsedRegex {
  const parser = new RegexParser(pattern)
  return { root: parser.parse(), groupNames: parser.groupNames }
}

class RegexParser {
  readonly groupNames = ['']
  private readonly characters: string[]
  private at = 0
  private depth = 0
  private flags: Flags = { foldCase: false, multiLine: false, dotAll: false, swapGreed: false }

  constructor(pattern: string) {
    this.characters = [...pattern]
  }

  parse(): RegexNode {
    const root = this.choice()
    if (this.at < this.characters.length) this.fail('unexpected )', this.characters.join(''))
    return root
  }

  private fail(problem: string, part: string): never {
    throw new FunctionFailure(`error parsing regexp: ${problem}: \`${part}\``)
  }

  private rest(from = this.at): string {
    return this.characters.slice(from).join('')
  }

  private peek(): string {
    return this.characters[this.at] ?? ''
  }

  private take(text: string): boolean {
    if (
      !this.characters
        .slice(this.at, this.at + text.length)
        .join('')
        .startsWith(text)
    )
      return false
    this.at += text.length
    return true
  }

  private choice(): RegexNode {
    if (++this.depth > mostDepth) this.fail('expression nests too deeply', this.characters.join(''))
    const options = [this.sequence()]
    while (this.take('|')) options.push(this.sequence())
    this.depth--
    return options.length === 1 ? (options[0] as RegexNode) : { type: 'choice', options }
  }

  private atEnd(): boolean {
    return this.at >= this.characters.length || this.peek() === '|' || this.peek() === ')'
  }

  private sequence(): RegexNode {
    const parts: RegexNode[] = []
    while (!this.atEnd()) {
      const start = this.at
      if (this.bounds()) {
        this.take('?')
        this.fail('missing argument to repetition operator', this.characters.slice(start, this.at).join(''))
      }
      parts.push(...this.quotedText())
      if (this.atEnd()) break
      const atom = this.atom()
      if (atom) parts.push(this.repeated(atom))
    }
    return parts.length === 1 ? (parts[0] as RegexNode) : { type: 'sequence', parts }
  }

  private repeated(atom: RegexNode): RegexNode {
    const start = this.at
    const bounds = this.bounds()
    if (!bounds) return atom
    const greedy = this.take('?') === this.flags.swapGreed
    if (this.bounds()) {
      this.take('?')
      this.fail('invalid nested repetition operator', this.characters.slice(start, this.at).join(''))
    }
    return { type: 'repeat', body: atom, least: bounds[0], most: bounds[1], greedy }
  }

  private bounds(): [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.take('?')) return [0, 1]
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.characters.slice(this.at, this.at + 16).join(''))
    if (!match) return undefined
    const least = Number(match[1])
    const most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    const tooMany = least > mostRepeats || (Number.isFinite(most) && (most > mostRepeats || most < least))
    if (tooMany) this.fail('invalid repeat count', match[0])
    this.at += match[0].length
    return [least, most]
  }

  private set(ranges: Ranges, negated = false): RegexNode {
    return { type: 'set', ranges, negated, foldCase: this.flags.foldCase }
  }

  private literal(code: number): RegexNode {
    return this.set([[code, code]])
  }

  /** One atom; undefined for a group that only sets flags. */
  private atom(): RegexNode | undefined {
    const character = this.peek()
    switch (character) {
      case '(':
        return this.group()
      case '[':
        return this.bracket()
      case '\\':
        return this.escaped()
    }
    this.at++
    if (character === '.') return this.flags.dotAll ? this.set([], true) : this.set([[10, 10]], true)
    if (character === '^') return { type: 'assertion', assertion: this.flags.multiLine ? 'lineStart' : 'textStart' }
    if (character === '$') return { type: 'assertion', assertion: this.flags.multiLine ? 'lineEnd' : 'textEnd' }
    return this.literal(character.codePointAt(0) ?? 0)
  }

  private group(): RegexNode | undefined {
    const start = this.at
    const before = { ...this.flags }
    this.at++
    let index: number | undefined
    if (this.peek() !== '?') index = this.groupNames.push('') - 1
    else {
      const name = /^\?P?<(\w+)>/.exec(this.rest())
      if (name) {
        index = this.groupNames.push(name[1] ?? '') - 1
        this.at += name[0].length
      } else if (this.flagGroup(start)) return undefined
    }
    const body = this.choice()
    if (!this.take(')')) this.fail('missing closing )', this.characters.join(''))
    this.flags = before
    return index === undefined ? body : { type: 'group', index, body }
  }

  /** Reads `?i:` (false: a body follows) or `?i)` (true: the flags hold from here on). */
  private flagGroup(start: number): boolean {
    const match = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.rest())
    if (!match)
      return this.fail('invalid or unsupported Perl syntax', this.characters.slice(start, this.at + 2).join(''))
    const names: Record<string, keyof Flags> = { i: 'foldCase', m: 'multiLine', s: 'dotAll', U: 'swapGreed' }
    for (const letter of match[1] ?? '') this.flags[names[letter] as keyof Flags] = true
    for (const letter of match[2] ?? '') this.flags[names[letter] as keyof Flags] = false
    this.at += match[0].length
    return match[3] === ')'
  }

  private escaped(): RegexNode {
    const letter = this.characters[this.at + 1]
    if (letter === undefined) this.fail('trailing backslash at end of expression', '')
    const edge = edges[letter]
    if (edge) {
      this.at += 2
      return { type: 'assertion', assertion: edge }
    }
    const ranges = this.classEscape()
    return ranges ? this.set(ranges) : this.literal(this.characterEscape())
  }

  /** The characters of `\Q…\E`, but for the last, which is left to be read as an atom that may repeat. */
  private quotedText(): RegexNode[] {
    if (!this.take('\\Q')) return []
    const end = this.rest().indexOf('\\E')
    const text = [...(end < 0 ? this.rest() : this.rest().slice(0, end))]
    const last = text.pop()
    this.at += text.length
    // What remains of the quotation becomes plain pattern: its last character, escaped, without the \E.
    const after = this.characters.slice(this.at + (last === undefined ? 0 : 1) + (end < 0 ? 0 : 2))
    const escaped = last === undefined || /[A-Za-z0-9]/.test(last) ? (last ?? '') : `\\${last}`
    this.characters.splice(this.at, this.characters.length, ...escaped, ...after)
    return text.map((character) => this.literal(character.codePointAt(0) ?? 0))
  }

  /** \d, \pL and the like; undefined for an escape that names one character. */
  private classEscape(): Ranges | undefined {
    const letter = this.characters[this.at + 1] ?? ''
    const simple = Object.hasOwn(letterClasses, letter) ? letterClasses[letter] : undefined
    if (simple) {
      this.at += 2
      return simple
    }
    if (letter !== 'p' && letter !== 'P') return undefined
    const match = /^\\[pP](?:\{(\^?)([^}]*)\}|(.))/su.exec(this.rest())
    const ranges = match ? unicodeClass(match[2] ?? match[3] ?? '') : undefined
    if (!match || !ranges) return this.fail('invalid character class range', match?.[0] ?? this.rest())
    this.at += [...match[0]].length
    return (letter === 'P') !== (match[1] === '^') ? complement(ranges) : ranges
  }

  private characterEscape(): number {
    const match = /^\\(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|([0-7]{3}|0[0-7]?)|(.))/su.exec(this.rest())
    const [whole = '\\', short, long, octal, character = ''] = match ?? []
    this.at += [...whole].length
    const code =
      short || long ? Number.parseInt(short ?? long ?? '', 16) : octal ? Number.parseInt(octal, 8) : undefined
    if (code !== undefined) return code <= 0x10ffff ? code : this.fail('invalid escape sequence', whole)
    if (Object.hasOwn(controls, character)) return controls[character] as number
    if (/[A-Za-z0-9]/.test(character) || character === '') this.fail('invalid escape sequence', whole)
    return character.codePointAt(0) ?? 0
  }

  private bracket(): RegexNode {
    const start = this.at
    this.at++
    const negated = this.take('^')
    const ranges: Ranges = []
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.at >= this.characters.length) this.fail('missing closing ]', this.rest(start))
      ranges.push(...this.bracketItem())
    }
    this.at++
    return this.set(ranges, negated)
  }

  private bracketItem(): Ranges {
    const named = /^\[:(\^?)(\w+):\]/.exec(this.rest())
    if (named) {
      const ranges = Object.hasOwn(namedClasses, named[2] ?? '') ? namedClasses[named[2] ?? ''] : undefined
      if (!ranges) this.fail('invalid character class range', named[0])
      this.at += named[0].length
      return named[1] ? complement(ranges) : ranges
    }
    const fromClass = this.peek() === '\\' ? this.classEscape() : undefined
    if (fromClass) return fromClass
    const start = this.at
    const low = this.bracketCharacter()
    const isRange = this.peek() === '-' && (this.characters[this.at + 1] ?? ']') !== ']'
    if (!isRange) return [[low, low]]
    this.at++
    const high = this.bracketCharacter()
    if (high < low) this.fail('invalid character class range', this.characters.slice(start, this.at).join(''))
    return [[low, high]]
  }

  private bracketCharacter(): number {
    if (this.peek() === '\\') return this.characterEscape()
    const code = this.peek().codePointAt(0) ?? 0
    this.at++
    return code
  }
}
