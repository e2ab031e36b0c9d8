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
  if (operand.type === 'identifier' && !functionTable.has(operand.name)) found.add(operand.name)
  if (operand.type !== 'chain') return
  if (operand.base.type !== 'identifier') visitOperand(operand.base, found)
  else if (lacks(operand.base.name, operand.path[0] ?? '')) found.add(`${operand.base.name}.${operand.path[0]}`)
}

/** True for a namespace we do not have, or one that has no such function. */
function lacks(name: string, member: string): boolean {
  const entry = functionTable.get(name)
  if (!entry) return true
  if (entry.parameters.length > 0 || entry.rest) return false
  const value = entry.call([], {} as CallScope)
  return value instanceof Namespace && value.member(member) === undefined
}
