import { TemplateError } from './errors.ts'
import { Namespace } from './functions/declare.ts'
import { functionTable } from './functions/registry.ts'
import type { CommandNode, OperandNode, PipelineNode, StatementNode, TemplateSet } from './nodes.ts'
import { parseTemplate } from './parser.ts'
import type { CallScope } from './values.ts'

/**
 * The functions a template calls that are not built in, sorted; such a template needs gomplate. A template that does
 * not parse needs none: rendering it tells what is wrong.
 */
export function requiredFunctions(template: string): string[] {
  return calledFunctions(template).filter((name) => !isBuiltIn(name))
}

/** Every function a template calls, sorted: `print`, `strings.Split`, or a namespace alone where it is used as a value. */
export function calledFunctions(template: string): string[] {
  const found = new Set<string>()
  for (const { body } of parsed(template).values()) visitBody(body, found)
  return [...found].sort()
}

function parsed(text: string): TemplateSet {
  try {
    return parseTemplate(text, { name: 'template', maxDepth: 1000, hasFunction: () => true })
  } catch (error) {
    if (error instanceof TemplateError) return new Map()
    throw error
  }
}

function visitBody(body: StatementNode[], found: Set<string>): void {
  for (const node of body) {
    if ('pipeline' in node && node.pipeline) visitPipeline(node.pipeline, found)
    if ('body' in node) visitBody(node.body, found)
    if ('otherwise' in node && node.otherwise) visitBody(node.otherwise, found)
  }
}

function visitPipeline(pipeline: PipelineNode, found: Set<string>): void {
  const visitCommand = (command: CommandNode) => {
    for (const operand of command.args) visitOperand(operand, found)
  }
  pipeline.commands.forEach(visitCommand)
}

function visitOperand(operand: OperandNode, found: Set<string>): void {
  if (operand.type === 'pipeline') visitPipeline(operand, found)
  if (operand.type === 'identifier') found.add(operand.name)
  if (operand.type !== 'chain') return
  if (operand.base.type === 'identifier') found.add(`${operand.base.name}.${operand.path[0] ?? ''}`)
  else visitOperand(operand.base, found)
}

/** False for a namespace we do not have, or one that has no such function. */
function isBuiltIn(called: string): boolean {
  const [name, member] = called.split('.') as [string, string?]
  const entry = functionTable.get(name)
  if (!entry || member === undefined) return entry !== undefined
  if (entry.parameters.length > 0 || entry.rest) return true
  const value = entry.call([], {} as CallScope)
  return !(value instanceof Namespace) || value.member(member) !== undefined
}
