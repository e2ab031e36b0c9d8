import { TemplateError } from './errors.ts'
import { Lexer } from './lexer.ts'
import { quote } from './literals.ts'
import type { BranchNode, StatementNode, TemplateSet } from './nodes.ts'
import { PipelineParser } from './pipeline-parser.ts'
import type { ParseOptions, Shared } from './token-reader.ts'
import type { Token } from './tokens.ts'

/** What ends a list of statements. */
type Terminator = { type: 'end' } | { type: 'else' }

/** Parses a template file. Throws TemplateError with Go's text, code TEMPLATE_PARSE or TEMPLATE_FUNCTION_MISSING. */
export function parseTemplate(text: string, options: ParseOptions): TemplateSet {
  const source = { name: options.name, text }
  const shared: Shared = { lexer: new Lexer(text), options, source, defined: new Map(), depth: 0 }
  try {
    new Parser(shared).parseFile()
  } catch (error) {
    // Chains of {{else if}} are not limited in depth, so a huge one may use up the stack.
    if (!(error instanceof RangeError)) throw error
    const message = `template: ${options.name}:1: the template nests too deeply`
    throw new TemplateError('TEMPLATE_PARSE', { file: options.name, line: 1, column: 0 }, message)
  }
  return shared.defined
}

/** Parses one template body. A body defined inside a file has a parser, and thus variables, of its own. */
class Parser extends PipelineParser {
  private rangeDepth = 0

  /** The whole file: statements and definitions up to the end of the input. */
  parseFile(): void {
    const body: StatementNode[] = []
    while (this.peek().kind !== 'end') {
      if (this.peek().kind === 'leftDelimiter') {
        const delimiter = this.next()
        if (this.isKeyword(this.nextNonSpace(), 'define')) {
          new Parser(this.shared).parseDefinition()
          continue
        }
        this.backup2(delimiter)
      }
      const node = this.textOrAction()
      if (node.type === 'end' || node.type === 'else') this.fail(`unexpected {{${node.type}}}`)
      else body.push(node)
    }
    this.define(this.shared.options.name, body)
  }

  /** `{{define "name"}} … {{end}}`, after the keyword. */
  parseDefinition(): void {
    const context = 'define clause'
    const token = this.nextNonSpace()
    if (token.kind !== 'string' && token.kind !== 'rawString') this.unexpected(token, context)
    const name = this.unquoted(token)
    this.expectRightDelimiter(context)
    this.parseBody(name, context)
  }

  private parseBody(name: string, context: string): void {
    const { body, terminator } = this.statements()
    if (terminator.type !== 'end') this.fail(`unexpected {{${terminator.type}}} in ${context}`)
    this.define(name, body)
  }

  private define(name: string, body: StatementNode[]): void {
    const known = this.shared.defined.get(name)
    if (!known || isEmptyBody(known.body)) this.shared.defined.set(name, { source: this.shared.source, body })
    else if (!isEmptyBody(body)) this.fail(`template: multiple definition of template ${quote(name)}`)
  }

  private statements(): { body: StatementNode[]; terminator: Terminator } {
    const body: StatementNode[] = []
    while (this.peekNonSpace().kind !== 'end') {
      const node = this.textOrAction()
      if (node.type === 'end' || node.type === 'else') return { body, terminator: node }
      body.push(node)
    }
    return this.fail('unexpected EOF')
  }

  private textOrAction(): StatementNode | Terminator {
    const token = this.nextNonSpace()
    if (token.kind === 'text') return { type: 'text', offset: token.offset, text: token.text }
    if (token.kind !== 'leftDelimiter') this.unexpected(token, 'input')
    this.actionLine = token.line
    const node = this.action()
    this.actionLine = 0
    return node
  }

  private action(): StatementNode | Terminator {
    const token = this.nextNonSpace()
    if (token.kind === 'keyword') {
      switch (token.text) {
        case 'block':
          return this.block()
        case 'break':
        case 'continue':
          return this.loopControl(token, token.text)
        case 'else':
          return this.elseControl()
        case 'end':
          this.expectRightDelimiter('end')
          return { type: 'end' }
        case 'if':
        case 'range':
        case 'with':
          return this.branch(token.text)
        case 'template':
          return this.templateCall()
      }
    }
    this.backup()
    const { offset } = this.peek()
    return { type: 'action', offset, pipeline: this.pipeline('command', 'rightDelimiter') }
  }

  private loopControl(token: Token, word: 'break' | 'continue'): StatementNode {
    const after = this.nextNonSpace()
    if (after.kind !== 'rightDelimiter') this.unexpected(after, `{{${word}}}`)
    if (this.rangeDepth === 0) this.fail(`{{${word}}} outside {{range}}`)
    return { type: word, offset: token.offset }
  }

  /** `{{else if}}` and `{{else with}}` leave their keyword to the branch that reads on. */
  private elseControl(): Terminator {
    const token = this.peekNonSpace()
    if (!this.isKeyword(token, 'if') && !this.isKeyword(token, 'with')) this.expectRightDelimiter('else')
    return { type: 'else' }
  }

  private branch(type: BranchNode['type']): BranchNode {
    return this.nested(() => this.branchBody(type))
  }

  private branchBody(type: BranchNode['type']): BranchNode {
    const visible = this.variables.length
    const pipeline = this.pipeline(type, 'rightDelimiter')
    if (type === 'range') this.rangeDepth++
    const { body, terminator } = this.statements()
    if (type === 'range') this.rangeDepth--
    const node: BranchNode = { type, offset: pipeline.offset, pipeline, body }
    if (terminator.type === 'else') node.otherwise = this.otherwise(type)
    this.variables.length = visible
    return node
  }

  private otherwise(type: BranchNode['type']): StatementNode[] {
    if (type !== 'range' && this.isKeyword(this.peek(), type)) {
      this.next()
      return [this.branchBody(type)]
    }
    const { body, terminator } = this.statements()
    if (terminator.type !== 'end') this.fail(`expected end; found {{${terminator.type}}}`)
    return body
  }

  private templateName(context: string): { name: string; offset: number } {
    const token = this.nextNonSpace()
    if (token.kind !== 'string' && token.kind !== 'rawString') this.unexpected(token, context)
    return { name: this.unquoted(token), offset: token.offset }
  }

  private block(): StatementNode {
    const context = 'block clause'
    const { name, offset } = this.templateName(context)
    const pipeline = this.pipeline(context, 'rightDelimiter')
    this.nested(() => new Parser(this.shared).parseBody(name, context))
    return { type: 'template', offset, name, pipeline }
  }

  private templateCall(): StatementNode {
    const context = 'template clause'
    const { name, offset } = this.templateName(context)
    if (this.nextNonSpace().kind === 'rightDelimiter') return { type: 'template', offset, name }
    this.backup()
    return { type: 'template', offset, name, pipeline: this.pipeline(context, 'rightDelimiter') }
  }
}

function isEmptyBody(body: StatementNode[]): boolean {
  return body.every((node) => node.type === 'text' && node.text.trim() === '')
}
