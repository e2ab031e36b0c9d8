import { FunctionFailure } from './errors.ts'
import { ExpressionEvaluator, type Surroundings } from './expressions.ts'
import { quote } from './literals.ts'
import type { BranchNode, PipelineNode, StatementNode, TemplateCallNode, TemplateSet } from './nodes.ts'
import { boxed, type Operand, plain } from './operands.ts'
import { displayed, textOf } from './print.ts'
import { isList, isMap, isTrue, sortedKeys, type Value } from './values.ts'

/** How a body ended: to its end, or by a loop statement its range has to handle. */
type Ending = 'done' | 'break' | 'continue'

/** Runs one template of a parsed file and returns its text. Throws TemplateError with Go's text. */
export function evaluateTemplate(set: TemplateSet, name: string, data: Value, around: Surroundings): string {
  const output: string[] = []
  new Evaluator(set, name, plain(data), around, { output, bytes: 0 }).run()
  return output.join('')
}

/** Where the text of a rendering goes. */
interface Sink {
  output: string[]
  bytes: number
}

/** Runs one template body; a {{template}} inside gets an evaluator of its own, as it sees none of our variables. */
class Evaluator extends ExpressionEvaluator {
  private readonly set: TemplateSet
  private readonly name: string
  private readonly sink: Sink
  private readonly root: Operand

  constructor(set: TemplateSet, name: string, root: Operand, around: Surroundings, sink: Sink) {
    super(set.get(name)?.source ?? { name, text: '' }, name, root, around)
    this.set = set
    this.name = name
    this.root = root
    this.sink = sink
  }

  /** Runs the body, turning every failure into a TemplateError at the node in hand. */
  run(): void {
    try {
      this.walkAll(this.root, this.set.get(this.name)?.body ?? [])
    } catch (error) {
      throw this.located(error)
    }
  }

  private write(text: string): void {
    this.sink.bytes += Buffer.byteLength(text)
    this.around.budget.checkBytes(this.sink.bytes)
    this.sink.output.push(text)
  }

  private walkAll(dot: Operand, body: StatementNode[]): Ending {
    for (const node of body) {
      const ending = this.walk(dot, node)
      if (ending !== 'done') return ending
    }
    return 'done'
  }

  private walk(dot: Operand, node: StatementNode): Ending {
    this.node = node
    this.around.budget.spend()
    switch (node.type) {
      case 'text':
        this.write(node.text)
        return 'done'
      case 'action':
        this.action(dot, node.pipeline, node)
        return 'done'
      case 'break':
      case 'continue':
        return node.type
      case 'if':
      case 'with':
        return this.conditional(dot, node)
      case 'range':
        return this.range(dot, node)
      case 'template':
        this.templateCall(dot, node)
        return 'done'
    }
  }

  private action(dot: Operand, pipeline: PipelineNode, node: StatementNode): void {
    const { value } = this.pipeline(dot, pipeline)
    if (pipeline.declarations.length > 0) return
    this.node = node
    this.write(displayed(value))
  }

  private conditional(dot: Operand, node: BranchNode): Ending {
    const mark = this.variables.length
    const operand = this.pipeline(dot, node.pipeline)
    let ending: Ending = 'done'
    if (isTrue(operand.value)) ending = this.walkAll(node.type === 'with' ? operand : dot, node.body)
    else if (node.otherwise) ending = this.walkAll(dot, node.otherwise)
    this.variables.length = mark
    return ending
  }

  private range(dot: Operand, node: BranchNode): Ending {
    const mark = this.variables.length
    const { value } = this.pipeline(dot, node.pipeline)
    const visible = this.variables.length
    let turns = 0
    let ending: Ending = 'done'
    for (const [key, element] of this.elements(value, node)) {
      turns++
      this.around.budget.spend()
      this.bindLoopVariables(node.pipeline, key, element)
      ending = this.walkAll(element, node.body)
      this.variables.length = visible
      if (ending === 'break') break
    }
    ending = 'done'
    if (turns === 0 && node.otherwise) ending = this.walkAll(dot, node.otherwise)
    this.variables.length = mark
    return ending
  }

  private *elements(value: Value, node: BranchNode): Generator<[Operand, Operand]> {
    if (typeof value === 'bigint') {
      if (node.pipeline.declarations.length > 1) {
        throw new FunctionFailure(`can't use ${value} to iterate over more than one variable`)
      }
      for (let i = 0n; i < value; i++) yield [plain(null), plain(i)]
    } else if (isList(value)) {
      for (let i = 0; i < value.length; i++) yield [plain(BigInt(i)), boxed(value[i] ?? null)]
    } else if (isMap(value)) {
      for (const key of sortedKeys(value)) yield [plain(key), boxed(value.get(key) ?? null)]
    } else if (value !== null) {
      throw new FunctionFailure(`range can't iterate over ${textOf(value)}`)
    }
  }

  /** One loop variable gets the element, two get index and element. */
  private bindLoopVariables(pipeline: PipelineNode, key: Operand, element: Operand): void {
    const [first, second] = pipeline.declarations
    if (!first) return
    if (pipeline.isAssign) {
      this.assign(first.path[0] as string, second ? key : element)
      if (second) this.assign(second.path[0] as string, element)
      return
    }
    const top = this.variables.length - 1
    this.variables[top]!.operand = element
    if (second) this.variables[top - 1]!.operand = key
  }

  private templateCall(dot: Operand, node: TemplateCallNode): void {
    if (!this.set.has(node.name)) throw new FunctionFailure(`template ${quote(node.name)} not defined`)
    this.around.budget.nested(() => {
      const data = node.pipeline ? this.pipeline(dot, node.pipeline) : plain(null)
      new Evaluator(this.set, node.name, data, this.around, this.sink).run()
    })
  }
}
