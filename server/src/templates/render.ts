import { Budget } from './budget.ts'
import { contextFrom } from './context.ts'
import { FunctionFailure } from './errors.ts'
import { evaluateTemplate } from './evaluate.ts'
import type { Surroundings } from './expressions.ts'
import { functionTable } from './functions/registry.ts'
import { quote } from './literals.ts'
import type { TemplateSet } from './nodes.ts'
import { parseTemplate } from './parser.ts'
import type { CallScope, Value } from './values.ts'

/** How a template is rendered. */
export interface RenderOptions {
  /** The file name errors speak of. */
  name: string
  /** Output beyond this many bytes is refused; 10 MiB unless told. */
  maxOutputBytes?: number
  /** How deep blocks, parentheses and template calls may nest; 100 unless told. */
  maxDepth?: number
  /** Environment variables `env.Getenv` sees; none unless told, so that nothing leaks into a manifest. */
  env?: Readonly<Record<string, string>>
  /** Data `ds "name"` answers, by name; none unless told. */
  datasources?: Readonly<Record<string, unknown>>
}

/**
 * Renders a template as gomplate does with `.` set to the context. Pure: no files, no environment, no network.
 * Throws TemplateError with Go's message text, file, line and column.
 */
export function render(template: string, context: unknown, options: RenderOptions): string {
  const maxDepth = options.maxDepth ?? 100
  const budget = new Budget(options.maxOutputBytes ?? 10 * 1024 * 1024, maxDepth)
  const set = parse(options.name, template, maxDepth)
  const root = contextFrom(context)
  const outside = { env: options.env ?? {}, datasources: sources(options.datasources ?? {}) }
  return evaluateTemplate(set, options.name, root, surroundings(set, root, budget, outside))
}

function sources(data: Readonly<Record<string, unknown>>): Map<string, Value> {
  return new Map(Object.entries(data).map(([name, value]) => [name, contextFrom(value)]))
}

function parse(name: string, text: string, maxDepth: number): TemplateSet {
  return parseTemplate(text, { name, maxDepth, hasFunction: (word) => functionTable.has(word) })
}

function surroundings(
  set: TemplateSet,
  root: Value,
  budget: Budget,
  outside: Pick<CallScope, 'env' | 'datasources'>,
): Surroundings {
  const around: Surroundings = { functions: functionTable, budget, scope: undefined as unknown as CallScope }
  const scope: CallScope = {
    root,
    ...outside,
    maxBytes: budget.maxOutputBytes,
    spend: (steps) => budget.spend(steps),
    renderInline(name, text, data) {
      const inner = parse(name, text, budget.maxDepth)
      // Templates defined on either side can be called on both, as they belong to one set in Go.
      for (const [defined, definition] of set) if (!inner.has(defined)) inner.set(defined, definition)
      return budget.nested(() => evaluateTemplate(inner, name, data, around))
    },
    renderDefined(name, data) {
      if (!set.has(name)) throw new FunctionFailure(`template ${quote(name)} not defined`)
      return budget.nested(() => evaluateTemplate(set, name, data, around))
    },
  }
  return Object.assign(around, { scope })
}
