import { quote } from './literals.ts'
import {
  describeCharacter,
  isSpace,
  isWord,
  keywords,
  type Token,
  type TokenKind,
  withoutTrailingSpaces,
} from './tokens.ts'

/** Splits a template into tokens on demand. After an `error` token there is nothing more to read. */
export class Lexer {
  private readonly input: string
  private position = 0
  private start = 0
  private line = 1
  private lineCountedTo = 0
  private insideAction = false
  private parenDepth = 0
  private pending: Token | undefined

  constructor(input: string) {
    this.input = input
  }

  /** The next token; `end` for ever once the input is used up. */
  next(): Token {
    if (this.pending) return this.pending
    return this.insideAction ? this.insideActionToken() : this.outsideToken()
  }

  private token(kind: TokenKind, text = this.input.slice(this.start, this.position)): Token {
    const token = { kind, text, offset: this.start, line: this.lineAt(this.start) }
    this.start = this.position
    return token
  }

  private error(message: string): Token {
    this.pending = this.token('error', message)
    return this.pending
  }

  /** Offsets only grow, so newlines are counted once. */
  private lineAt(offset: number): number {
    for (; this.lineCountedTo < offset; this.lineCountedTo++) {
      if (this.input[this.lineCountedTo] === '\n') this.line++
    }
    return this.line
  }

  private peek(): string {
    const code = this.input.codePointAt(this.position)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  private advance(): string {
    const character = this.peek()
    this.position += character.length
    return character
  }

  private skipTo(position: number): void {
    this.position = position
    this.start = position
  }

  private skipSpaces(): void {
    let end = this.position
    while (isSpace(this.input[end] ?? '')) end++
    this.skipTo(end)
  }

  private outsideToken(): Token {
    for (;;) {
      const found = this.input.indexOf('{{', this.position)
      const stop = found < 0 ? this.input.length : found
      if (stop > this.position) {
        const trimmed = found >= 0 && this.hasLeftTrim(found + 2)
        const text = this.input.slice(this.position, stop)
        const kept = trimmed ? withoutTrailingSpaces(text) : text
        this.position = stop
        if (kept !== '') return this.token('text', kept)
        this.start = stop
      }
      if (found < 0) {
        this.pending = this.token('end', '')
        return this.pending
      }
      const token = this.leftDelimiter()
      if (token) return token
    }
  }

  private hasLeftTrim(offset: number): boolean {
    return this.input[offset] === '-' && isSpace(this.input[offset + 1] ?? '')
  }

  /** Enters an action, or skips a comment (undefined). */
  private leftDelimiter(): Token | undefined {
    const afterDelimiter = this.position + 2
    const body = afterDelimiter + (this.hasLeftTrim(afterDelimiter) ? 2 : 0)
    if (this.input.startsWith('/*', body)) {
      this.skipTo(body)
      return this.skipComment()
    }
    this.position = afterDelimiter
    const token = this.token('leftDelimiter')
    this.insideAction = true
    this.parenDepth = 0
    this.skipTo(body)
    return token
  }

  private skipComment(): Token | undefined {
    const close = this.input.indexOf('*/', this.position + 2)
    if (close < 0) return this.error('unclosed comment')
    this.position = close + 2
    const trims = this.rightDelimiterKind()
    if (!trims) return this.error('comment ends before closing delimiter')
    this.skipTo(this.position + (trims === 'trimming' ? 4 : 2))
    if (trims === 'trimming') this.skipSpaces()
    return undefined
  }

  private rightDelimiterKind(): 'plain' | 'trimming' | undefined {
    const at = this.position
    if (isSpace(this.input[at] ?? '') && this.input.startsWith('-}}', at + 1)) return 'trimming'
    return this.input.startsWith('}}', at) ? 'plain' : undefined
  }

  private rightDelimiter(trims: 'plain' | 'trimming'): Token {
    if (trims === 'trimming') this.skipTo(this.position + 2)
    this.position += 2
    const token = this.token('rightDelimiter')
    if (trims === 'trimming') this.skipSpaces()
    this.insideAction = false
    return token
  }

  private insideActionToken(): Token {
    const trims = this.rightDelimiterKind()
    if (trims) return this.parenDepth === 0 ? this.rightDelimiter(trims) : this.error('unclosed left paren')
    const character = this.advance()
    if (character === '') return this.error('unclosed action')
    if (isSpace(character)) return this.spaces()
    switch (character) {
      case '=':
        return this.token('assign')
      case ':':
        return this.advance() === '=' ? this.token('declare') : this.error('expected :=')
      case '|':
        return this.token('pipe')
      case '"':
        return this.quoted('"', 'string', 'unterminated quoted string')
      case "'":
        return this.quoted("'", 'charConstant', 'unterminated character constant')
      case '`':
        return this.rawQuoted()
      case '$':
        return this.fieldOrVariable('variable')
      case '(':
        this.parenDepth++
        return this.token('leftParen')
      case ')':
        this.parenDepth--
        return this.parenDepth < 0 ? this.error('unexpected right paren') : this.token('rightParen')
    }
    return this.wordOrNumber(character)
  }

  private wordOrNumber(character: string): Token {
    if (character === '.' && !/[0-9]/.test(this.input[this.position] ?? '') && this.position < this.input.length) {
      return this.fieldOrVariable('field')
    }
    if (/[.+\-0-9]/.test(character)) {
      this.position = this.start
      return this.number()
    }
    if (isWord(character)) return this.identifier()
    if (/[ -~]/.test(character)) return this.token('character')
    return this.error(`unrecognized character in action: ${describeCharacter(character)}`)
  }

  /** A run of spaces, leaving the last one where it belongs to a trimming right delimiter. */
  private spaces(): Token {
    while (isSpace(this.peek())) this.position++
    if (this.input.startsWith('-}}', this.position)) {
      this.position--
      if (this.position === this.start) return this.rightDelimiter('trimming')
    }
    return this.token('space')
  }

  private atTerminator(): boolean {
    const character = this.peek()
    return character === '' || /[ \t\r\n.,|:)(]/.test(character) || this.input.startsWith('}}', this.position)
  }

  private identifier(): Token {
    while (isWord(this.peek())) this.advance()
    if (!this.atTerminator()) return this.error(`bad character ${describeCharacter(this.peek())}`)
    const word = this.input.slice(this.start, this.position)
    if (keywords.has(word)) return this.token('keyword')
    if (word === 'nil') return this.token('nil')
    return this.token(word === 'true' || word === 'false' ? 'bool' : 'identifier')
  }

  private fieldOrVariable(kind: 'field' | 'variable'): Token {
    if (this.atTerminator()) return this.token(kind === 'variable' ? 'variable' : 'dot')
    while (isWord(this.peek())) this.advance()
    if (!this.atTerminator()) return this.error(`bad character ${describeCharacter(this.peek())}`)
    return this.token(kind)
  }

  private quoted(mark: string, kind: TokenKind, problem: string): Token {
    for (;;) {
      let character = this.advance()
      if (character === '\\') {
        character = this.advance()
        if (character !== '' && character !== '\n') continue
      }
      if (character === '' || character === '\n') return this.error(problem)
      if (character === mark) return this.token(kind)
    }
  }

  private rawQuoted(): Token {
    const close = this.input.indexOf('`', this.position)
    if (close < 0) return this.error('unterminated raw quoted string')
    this.position = close + 1
    return this.token('rawString')
  }

  private number(): Token {
    if (!this.scanNumber()) return this.badNumber()
    if (!/[+-]/.test(this.peek()) || this.peek() === '') return this.token('number')
    if (!this.scanNumber() || this.input[this.position - 1] !== 'i') return this.badNumber()
    return this.token('complex')
  }

  private badNumber(): Token {
    return this.error(`bad number syntax: ${quote(this.input.slice(this.start, this.position))}`)
  }

  private scanNumber(): boolean {
    const shape =
      /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y
    shape.lastIndex = this.position
    this.position += shape.exec(this.input)?.[0].length ?? 0
    if (!isWord(this.peek())) return true
    this.advance()
    return false
  }
}
