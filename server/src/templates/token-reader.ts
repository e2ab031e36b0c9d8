import { FunctionFailure, TemplateError, type TemplateErrorCode } from './errors.ts'
import type { Lexer } from './lexer.ts'
import { quote, unquote } from './literals.ts'
import type { Source, TemplateSet } from './nodes.ts'
import type { Token } from './tokens.ts'

/** What the parser needs to know of its surroundings. */
export interface ParseOptions {
  /** The file name, for error messages. */
  name: string
  /** How deep blocks and parentheses may nest. */
  maxDepth: number
  /** Whether a function of this name exists. */
  hasFunction: (name: string) => boolean
}

/** What the parsers of one file and of the templates it defines have in common. */
export interface Shared {
  lexer: Lexer
  options: ParseOptions
  source: Source
  defined: TemplateSet
  depth: number
}

/** Hands out the tokens of a file, looking ahead as far as the grammar needs, and words the errors. */
export class TokenReader {
  protected readonly shared: Shared
  /** The line of the action being read; 0 outside. */
  protected actionLine = 0
  private readonly lookahead: Token[] = []
  private peekCount = 0

  constructor(shared: Shared) {
    this.shared = shared
  }

  // At most three tokens are held back, as in Go, because the line of an error is that of the newest one.

  protected next(): Token {
    if (this.peekCount > 0) this.peekCount--
    else this.lookahead[0] = this.shared.lexer.next()
    return this.lookahead[this.peekCount] as Token
  }

  protected peek(): Token {
    if (this.peekCount > 0) return this.lookahead[this.peekCount - 1] as Token
    this.peekCount = 1
    this.lookahead[0] = this.shared.lexer.next()
    return this.lookahead[0]
  }

  protected backup(): void {
    this.peekCount++
  }

  protected backup2(before: Token): void {
    this.lookahead[1] = before
    this.peekCount = 2
  }

  protected backup3(before: Token, middle: Token): void {
    this.lookahead[1] = middle
    this.lookahead[2] = before
    this.peekCount = 3
  }

  protected nextNonSpace(): Token {
    let token = this.next()
    while (token.kind === 'space') token = this.next()
    return token
  }

  protected peekNonSpace(): Token {
    const token = this.nextNonSpace()
    this.backup()
    return token
  }

  protected isKeyword(token: Token, word: string): boolean {
    return token.kind === 'keyword' && token.text === word
  }

  protected expectRightDelimiter(context: string): void {
    const token = this.nextNonSpace()
    if (token.kind !== 'rightDelimiter') this.unexpected(token, context)
  }

  protected fail(message: string, code: TemplateErrorCode = 'TEMPLATE_PARSE'): never {
    const { name } = this.shared.options
    const newest = this.lookahead[0]
    const line = newest?.line ?? 1
    const place = { file: name, line, column: 0 }
    throw new TemplateError(code, place, `template: ${name}:${line}: ${message}`, newest?.offset)
  }

  protected unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail(`unexpected ${describe(token)} in ${context}`)
    if (this.actionLine === 0 || this.actionLine === token.line) this.fail(token.text)
    const started = `started at ${this.shared.options.name}:${this.actionLine}`
    this.fail(token.text.endsWith(' action') ? `${token.text} ${started}` : `${token.text} in action ${started}`)
  }

  /** Runs a reader of literals whose failures are parse errors. */
  protected literal<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof FunctionFailure) this.fail(error.message)
      throw error
    }
  }

  protected unquoted(token: Token): string {
    return this.literal(() => unquote(token.text))
  }

  protected nested<T>(read: () => T): T {
    if (++this.shared.depth > this.shared.options.maxDepth) {
      this.fail(`nested more than ${this.shared.options.maxDepth} levels deep`)
    }
    const result = read()
    this.shared.depth--
    return result
  }
}

/** A token as error messages name it. */
function describe(token: Token): string {
  if (token.kind === 'end') return 'EOF'
  if (token.kind === 'keyword' || token.kind === 'nil' || token.kind === 'dot') return `<${token.text}>`
  const characters = [...token.text]
  return characters.length > 10 ? `${quote(characters.slice(0, 10).join(''))}...` : quote(token.text)
}
