import { quote } from './literals.ts'
import { type CommandNode, nodeText, type OperandNode, type PipelineNode, type VariableNode } from './nodes.ts'
import { parseNumber } from './number-node.ts'
import { TokenReader } from './token-reader.ts'
import type { Token, TokenKind } from './tokens.ts'

const operandKinds = new Set<TokenKind>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
])

const valueTypes = new Set<OperandNode['type']>(['bool', 'dot', 'nil', 'number', 'string'])

/** Parses what stands inside an action: pipelines, their commands and operands. */
export class PipelineParser extends TokenReader {
  /** The variables visible here, the innermost last. */
  protected variables = ['$']

  protected pipeline(context: string, end: TokenKind): PipelineNode {
    const { offset } = this.peekNonSpace()
    const pipeline: PipelineNode = { type: 'pipeline', offset, isAssign: false, declarations: [], commands: [] }
    this.declarations(pipeline, context)
    for (;;) {
      const token = this.nextNonSpace()
      if (token.kind === end) break
      if (!operandKinds.has(token.kind)) this.unexpected(token, context)
      this.backup()
      pipeline.commands.push(this.command())
    }
    this.checkCommands(pipeline, context)
    return pipeline
  }

  private declarations(pipeline: PipelineNode, context: string): void {
    let more = true
    while (more && this.peekNonSpace().kind === 'variable') more = this.declaration(pipeline, context)
  }

  /** One variable before := or =; true when another one follows (`range $i, $e := …`). */
  private declaration(pipeline: PipelineNode, context: string): boolean {
    const token = this.next()
    const after = this.peek()
    const next = this.peekNonSpace()
    if (next.kind === 'assign' || next.kind === 'declare') {
      pipeline.isAssign = next.kind === 'assign'
      this.nextNonSpace()
      this.declare(pipeline, token)
      return false
    }
    if (next.kind === 'character' && next.text === ',') {
      this.nextNonSpace()
      this.declare(pipeline, token)
      if (context !== 'range' || pipeline.declarations.length >= 2) this.fail(`too many declarations in ${context}`)
      const kind = this.peekNonSpace().kind
      if (kind === 'variable' || kind === 'rightDelimiter' || kind === 'rightParen') return true
      this.fail('range can only initialize variables')
    }
    if (after.kind === 'space') this.backup3(token, after)
    else this.backup2(token)
    return false
  }

  private declare(pipeline: PipelineNode, token: Token): void {
    pipeline.declarations.push(variableNode(token))
    this.variables.push(token.text)
  }

  private checkCommands(pipeline: PipelineNode, context: string): void {
    if (pipeline.commands.length === 0) this.fail(`missing value for ${context}`)
    const stage = pipeline.commands.findIndex((command, index) => index > 0 && valueTypes.has(command.args[0]!.type))
    if (stage > 0) this.fail(`non executable command in pipeline stage ${stage + 1}`)
  }

  private command(): CommandNode {
    const command: CommandNode = { type: 'command', offset: this.peekNonSpace().offset, args: [] }
    for (;;) {
      this.peekNonSpace()
      const operand = this.operand()
      if (operand) command.args.push(operand)
      const token = this.next()
      if (token.kind === 'space') continue
      if (token.kind === 'rightDelimiter' || token.kind === 'rightParen') this.backup()
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand')
      break
    }
    if (command.args.length === 0) this.fail('empty command')
    return command
  }

  /** A term and the fields taken from it. */
  private operand(): OperandNode | undefined {
    const term = this.term()
    if (!term || this.peek().kind !== 'field') return term
    const { offset } = this.peek()
    const path: string[] = []
    while (this.peek().kind === 'field') path.push(this.next().text.slice(1))
    if (term.type === 'field' || term.type === 'variable') return { ...term, offset, path: [...term.path, ...path] }
    if (valueTypes.has(term.type)) this.fail(`unexpected . after term ${quote(nodeText(term))}`)
    return { type: 'chain', offset, base: term, path }
  }

  private term(): OperandNode | undefined {
    const token = this.nextNonSpace()
    const { offset, text } = token
    switch (token.kind) {
      case 'identifier':
        if (!this.shared.options.hasFunction(text)) {
          this.fail(`function ${quote(text)} not defined`, 'TEMPLATE_FUNCTION_MISSING')
        }
        return { type: 'identifier', offset, name: text }
      case 'dot':
      case 'nil':
        return { type: token.kind, offset }
      case 'variable':
        if (!this.variables.includes(text)) this.fail(`undefined variable ${quote(text)}`)
        return variableNode(token)
      case 'field':
        return { type: 'field', offset, path: [text.slice(1)] }
      case 'bool':
        return { type: 'bool', offset, value: text === 'true' }
      case 'charConstant':
      case 'complex':
      case 'number':
        return this.literal(() => parseNumber(token))
      case 'leftParen':
        return this.nested(() => this.pipeline('parenthesized pipeline', 'rightParen'))
      case 'string':
      case 'rawString':
        return { type: 'string', offset, quoted: text, value: this.unquoted(token) }
    }
    this.backup()
    return undefined
  }
}

function variableNode(token: Token): VariableNode {
  return { type: 'variable', offset: token.offset, path: [token.text] }
}
