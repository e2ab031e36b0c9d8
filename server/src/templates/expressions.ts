import type { Budget } from './budget.ts'
import { FunctionFailure, MissingFunction, placeOf, TemplateError, type TemplateErrorCode } from './errors.ts'
import { Namespace } from './functions/declare.ts'
import { quote } from './literals.ts'
import { type AnyNode, type CommandNode, nodeText, type OperandNode, type PipelineNode, type Source } from './nodes.ts'
import { assignable, boxed, constantArgument, constantValue, type Operand, operandType, plain } from './operands.ts'
import { type CallScope, type GoFunction, isMap, isObject, isTrue, type Value } from './values.ts'

/** What a rendering runs with. */
export interface Surroundings {
  functions: ReadonlyMap<string, GoFunction>
  budget: Budget
  scope: CallScope
}

/** Evaluates pipelines: variables, fields, function calls. Failures carry the place of the node looked at last. */
export class ExpressionEvaluator {
  protected readonly around: Surroundings
  protected readonly variables: { name: string; operand: Operand }[]
  /** What an error is to point at: the node looked at last. */
  protected node: AnyNode | undefined
  private readonly source: Source
  private readonly templateName: string

  constructor(source: Source, templateName: string, root: Operand, around: Surroundings) {
    this.source = source
    this.templateName = templateName
    this.around = around
    this.variables = [{ name: '$', operand: root }]
  }

  /** Any failure as a TemplateError at the node in hand. */
  protected located(error: unknown): unknown {
    if (error instanceof TemplateError) return error
    if (error instanceof MissingFunction) return this.errorAt(error.message, 'TEMPLATE_FUNCTION_MISSING')
    if (error instanceof FunctionFailure) return this.errorAt(error.message)
    if (error instanceof RangeError) return this.errorAt('the template needs too much memory')
    return error
  }

  private errorAt(message: string, code: TemplateErrorCode = 'TEMPLATE_EXEC'): TemplateError {
    const place = placeOf(this.source.name, this.source.text, this.node?.offset ?? 0)
    const where = `${place.file}:${place.line}:${place.column}`
    const context = this.node ? nodeText(this.node) : ''
    return new TemplateError(
      code,
      place,
      `template: ${where}: executing ${quote(this.templateName)} at <${context}>: ${message}`,
    )
  }

  protected assign(name: string, operand: Operand): void {
    const variable = this.variables.findLast((known) => known.name === name)
    if (!variable) throw new FunctionFailure(`undefined variable: ${name}`)
    variable.operand = operand
  }

  private lookUp(name: string): Operand {
    const variable = this.variables.findLast((known) => known.name === name)
    if (!variable) throw new FunctionFailure(`undefined variable: ${name}`)
    return variable.operand
  }

  protected pipeline(dot: Operand, pipeline: PipelineNode): Operand {
    this.node = pipeline
    let operand: Operand | undefined
    for (const command of pipeline.commands) operand = plain(this.command(dot, command, operand).value)
    const result = operand ?? plain(null)
    for (const { path } of pipeline.declarations) {
      const name = path[0] as string
      if (pipeline.isAssign) this.assign(name, result)
      else this.variables.push({ name, operand: result })
    }
    return result
  }

  private command(dot: Operand, command: CommandNode, piped: Operand | undefined): Operand {
    const first = command.args[0] as OperandNode
    switch (first.type) {
      case 'field':
      case 'chain':
      case 'variable':
        return this.reference(dot, first, command.args, piped)
      case 'identifier':
        return this.functionCall(dot, first, command, command.args, piped)
      case 'pipeline':
        this.refuseArguments(command.args, piped)
        return this.pipeline(dot, first)
    }
    this.node = first
    this.refuseArguments(command.args, piped)
    if (first.type === 'dot') return dot
    if (first.type === 'nil') throw new FunctionFailure('nil is not a command')
    return plain(constantValue(first))
  }

  private refuseArguments(args: OperandNode[], piped: Operand | undefined): void {
    if (args.length === 1 && !piped) return
    throw new FunctionFailure(`can't give argument to non-function ${nodeText(args[0] as OperandNode)}`)
  }

  /** `.a.b`, `$x.a` or `(…).a`; the last name may be a method that takes the arguments. */
  private reference(
    dot: Operand,
    node: Extract<OperandNode, { type: 'field' | 'chain' | 'variable' }>,
    args: OperandNode[],
    piped: Operand | undefined,
  ): Operand {
    this.node = node
    if (node.type === 'field') return this.fields(dot, dot, node, node.path, args, piped)
    if (node.type === 'chain') {
      const base = this.argument(dot, node.base)
      return this.fields(dot, base, node, node.path, args, piped)
    }
    const variable = this.lookUp(node.path[0] as string)
    if (node.path.length > 1) return this.fields(dot, variable, node, node.path.slice(1), args, piped)
    if (args.length > 1 || piped) this.refuseArguments(args, piped)
    return variable
  }

  private fields(
    dot: Operand,
    start: Operand,
    node: OperandNode,
    path: string[],
    args: OperandNode[],
    piped: Operand | undefined,
  ): Operand {
    let operand = start
    path.forEach((name, index) => {
      const last = index === path.length - 1
      operand = this.field(dot, operand, node, name, last ? args : [], last ? piped : undefined)
    })
    return operand
  }

  private field(
    dot: Operand,
    receiver: Operand,
    node: OperandNode,
    name: string,
    args: OperandNode[],
    piped: Operand | undefined,
  ): Operand {
    const { value } = receiver
    if (value === null) {
      throw new FunctionFailure(
        receiver.boxed ? `nil pointer evaluating interface {}.${name}` : `nil data; no entry for key ${quote(name)}`,
      )
    }
    const hasArguments = args.length > 1 || piped !== undefined
    if (isObject(value)) {
      const member = value.member(name)
      if (member && 'method' in member) return this.call(dot, member.method, node, name, args, piped)
      if (member && hasArguments) throw new FunctionFailure(`${name} has arguments but cannot be invoked as function`)
      if (member) return plain(member.value)
    } else if (isMap(value)) {
      if (hasArguments) throw new FunctionFailure(`${name} is not a method but has arguments`)
      const found = value.get(name)
      if (found === undefined) throw new FunctionFailure(`map has no entry for key ${quote(name)}`)
      return boxed(found)
    }
    const message = `can't evaluate field ${name} in type ${operandType(receiver)}`
    if (value instanceof Namespace) throw this.errorAt(message, 'TEMPLATE_FUNCTION_MISSING')
    throw new FunctionFailure(message)
  }

  private functionCall(
    dot: Operand,
    node: Extract<OperandNode, { type: 'identifier' }>,
    command: AnyNode,
    args: OperandNode[],
    piped: Operand | undefined,
  ): Operand {
    this.node = node
    const found = this.around.functions.get(node.name)
    if (!found) throw new FunctionFailure(`${quote(node.name)} is not a defined function`)
    return boxed(this.call(dot, found, command, node.name, args, piped).value)
  }

  /** Calls a function or method: `args[0]` is the function itself, `piped` becomes the last argument. */
  private call(
    dot: Operand,
    target: GoFunction,
    node: AnyNode,
    name: string,
    args: OperandNode[],
    piped: Operand | undefined,
  ): Operand {
    const given = args.slice(1)
    this.checkCount(target, name, given.length, piped)
    const isBuiltin = target === this.around.functions.get(name)
    if (isBuiltin && (name === 'and' || name === 'or')) return this.shortCircuit(dot, name, given, piped)
    const values = given.map((arg, index) => this.typedArgument(dot, arg, parameterAt(target, index)))
    if (piped) values.push(assignable(piped, parameterAt(target, given.length)))
    try {
      if (isBuiltin && name === 'call') throw notCallable(given[0], values[0] ?? null)
      this.around.budget.spendArguments(values)
      const result = target.call(values, this.around.scope)
      this.around.budget.spendValue(result)
      return plain(result)
    } catch (error) {
      this.node = node
      if (error instanceof TemplateError) throw this.errorAt(`error calling ${name}: ${error.message}`, error.code)
      if (error instanceof FunctionFailure) throw this.errorAt(`error calling ${name}: ${error.message}`)
      throw error
    }
  }

  private checkCount(target: GoFunction, name: string, given: number, piped: Operand | undefined): void {
    const count = given + (piped ? 1 : 0)
    const fixed = target.parameters.length
    if (target.rest ? count >= fixed : count === fixed) return
    const wanted = target.rest ? `at least ${fixed} got ${given}` : `${fixed} got ${count}`
    throw new FunctionFailure(`wrong number of args for ${name}: want ${wanted}`)
  }

  private shortCircuit(dot: Operand, name: 'and' | 'or', args: OperandNode[], piped: Operand | undefined): Operand {
    let result = plain(null)
    for (const arg of args) {
      result = plain(this.typedArgument(dot, arg, 'any'))
      if (isTrue(result.value) === (name === 'or')) return result
    }
    return piped ?? result
  }

  /** An argument where no type is asked for. */
  private argument(dot: Operand, node: OperandNode): Operand {
    this.node = node
    switch (node.type) {
      case 'dot':
        return dot
      case 'field':
      case 'chain':
      case 'variable':
        return this.reference(dot, node, [node], undefined)
      case 'pipeline':
        return this.pipeline(dot, node)
      case 'identifier':
        return this.functionCall(dot, node, node, [node], undefined)
      default:
        return plain(constantArgument(node, 'any'))
    }
  }

  /** An argument of a parameter's type. */
  private typedArgument(dot: Operand, node: OperandNode, type: GoFunction['parameters'][number]): Value {
    this.node = node
    if (node.type === 'bool' || node.type === 'number' || node.type === 'string' || node.type === 'nil') {
      return constantArgument(node, type)
    }
    return assignable(this.argument(dot, node), type)
  }
}

function parameterAt(target: GoFunction, index: number): GoFunction['parameters'][number] {
  return target.parameters[index] ?? target.rest ?? 'any'
}

/** Nothing a template can reach is a function value, so `call` always fails. */
function notCallable(node: OperandNode | undefined, value: Value): FunctionFailure {
  if (value === null) return new FunctionFailure('call of nil')
  const piped = typeof value === 'string' ? value : `<${operandType(plain(value))} Value>`
  const name = node ? nodeText(node) : piped
  return new FunctionFailure(`non-function ${name} of type ${operandType(plain(value))}`)
}
