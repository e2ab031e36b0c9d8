import { quote } from './literals.ts'

/** A pipeline: commands joined by |, possibly assigned to variables. */
export interface PipelineNode {
  type: 'pipeline'
  offset: number
  isAssign: boolean
  declarations: VariableNode[]
  commands: CommandNode[]
}

/** One command: a function, field or value followed by its arguments. */
export interface CommandNode {
  type: 'command'
  offset: number
  args: OperandNode[]
}

export interface VariableNode {
  type: 'variable'
  offset: number
  /** The variable with its dollar sign, then the fields taken from it. */
  path: string[]
}

/** An operand: a constant, a field, a variable, a function or a parenthesised pipeline with fields after it. */
export type OperandNode =
  | { type: 'bool'; offset: number; value: boolean }
  | { type: 'number'; offset: number; text: string; int?: bigint; float?: number; isFloat: boolean }
  | { type: 'string'; offset: number; quoted: string; value: string }
  | { type: 'nil'; offset: number }
  | { type: 'dot'; offset: number }
  | { type: 'field'; offset: number; path: string[] }
  | { type: 'identifier'; offset: number; name: string }
  | { type: 'chain'; offset: number; base: OperandNode; path: string[] }
  | VariableNode
  | PipelineNode

export interface BranchNode {
  type: 'if' | 'with' | 'range'
  offset: number
  pipeline: PipelineNode
  body: StatementNode[]
  otherwise?: StatementNode[]
}

export interface TemplateCallNode {
  type: 'template'
  offset: number
  name: string
  pipeline?: PipelineNode
}

/** What a template body is made of. */
export type StatementNode =
  | { type: 'text'; offset: number; text: string }
  | { type: 'action'; offset: number; pipeline: PipelineNode }
  | { type: 'break' | 'continue'; offset: number }
  | BranchNode
  | TemplateCallNode

/** A file as it was read; errors quote places in it. */
export interface Source {
  name: string
  text: string
}

/** A template: its statements and the file they stand in. */
export interface Definition {
  source: Source
  body: StatementNode[]
}

/** The templates of a file by name; the file's own body is among them under the file's name. */
export type TemplateSet = Map<string, Definition>

/** Anything an error can point at. */
export type AnyNode = StatementNode | OperandNode | CommandNode

/** A node written back as template text, the way Go shows it in error messages. */
export function nodeText(node: AnyNode): string {
  switch (node.type) {
    case 'bool':
      return String(node.value)
    case 'number':
    case 'text':
      return node.text
    case 'string':
      return node.quoted
    case 'nil':
      return 'nil'
    case 'dot':
      return '.'
    case 'field':
      return node.path.map((name) => `.${name}`).join('')
    case 'identifier':
      return node.name
    case 'variable':
      return node.path.join('.')
    case 'chain':
      return [wrapped(node.base), ...node.path].join('.')
    case 'command':
      return node.args.map(wrapped).join(' ')
    case 'pipeline':
      return pipelineText(node)
    case 'action':
      return `{{${pipelineText(node.pipeline)}}}`
    case 'break':
    case 'continue':
      return `{{${node.type}}}`
    case 'template':
      return `{{template ${quote(node.name)}${node.pipeline ? ` ${pipelineText(node.pipeline)}` : ''}}}`
    default:
      return branchText(node)
  }
}

function wrapped(node: OperandNode): string {
  return node.type === 'pipeline' ? `(${pipelineText(node)})` : nodeText(node)
}

function pipelineText(node: PipelineNode): string {
  const names = node.declarations.map(nodeText).join(', ')
  const commands = node.commands.map(nodeText).join(' | ')
  return names ? `${names} ${node.isAssign ? '=' : ':='} ${commands}` : commands
}

function branchText(node: BranchNode): string {
  const otherwise = node.otherwise ? `{{else}}${node.otherwise.map(nodeText).join('')}` : ''
  return `{{${node.type} ${pipelineText(node.pipeline)}}}${node.body.map(nodeText).join('')}${otherwise}{{end}}`
}
