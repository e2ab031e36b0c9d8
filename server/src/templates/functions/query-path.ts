import { FunctionFailure, MissingFunction } from '../errors.ts'
import { unquote } from '../literals.ts'
import { isList, isMap, kindName, sortedKeys, type Value } from '../values.ts'

/** One step of a path: into a key, to an element, or to every element. */
type Step = { key: string } | { index: bigint } | 'each'

const stepShape =
  /^(?:\.?\[\s*(?:(-?\d+)|"((?:[^"\\]|\\.)*)"|'([^']*)'|(\*)?)\s*\]|\.(?:([A-Za-z_][A-Za-z0-9_-]*)|"((?:[^"\\]|\\.)*)"|(\*)))/

/** Longer expressions are left to a real implementation. */
const longestPath = 1000

/** Reads a simple path such as `.a.b[0]["c-d"][]`; undefined when it holds anything more. */
function readPath(text: string): Step[] | undefined {
  const steps: Step[] = []
  if (text.length > longestPath) return undefined
  let rest = text.trim()
  if (rest === '.' || rest === '') return steps
  while (rest !== '') {
    const match = stepShape.exec(rest)
    if (!match) return undefined
    const [whole, index, quotedKey, singleKey, , name, quotedName] = match
    const key = singleKey ?? name ?? keyFromQuoted(quotedKey ?? quotedName)
    if (index !== undefined) steps.push({ index: BigInt(index) })
    else steps.push(key === undefined ? 'each' : { key })
    rest = rest.slice(whole.length)
  }
  return steps
}

function keyFromQuoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : unquote(`"${text}"`)
}

/** How a dialect treats what is not there. */
interface Dialect {
  missingKey: (key: string) => Value
  wrongKind: (wanted: string, value: Value) => never
}

function follow(value: Value, step: Step, dialect: Dialect): Value[] {
  if (step === 'each') {
    if (isList(value)) return value
    if (isMap(value)) return sortedKeys(value).map((key) => value.get(key) ?? null)
    return dialect.wrongKind('iterate over', value)
  }
  if ('key' in step) {
    if (value === null) return [dialect.missingKey(step.key)]
    if (!isMap(value)) return dialect.wrongKind(`index with ${step.key}`, value)
    return [value.has(step.key) ? (value.get(step.key) ?? null) : dialect.missingKey(step.key)]
  }
  if (value === null) return [dialect.missingKey(String(step.index))]
  if (!isList(value)) return dialect.wrongKind(`index with ${step.index}`, value)
  const at = step.index < 0n ? step.index + BigInt(value.length) : step.index
  const found = value[Number(at)]
  return [found === undefined ? dialect.missingKey(String(step.index)) : found]
}

function followAll(value: Value, steps: Step[], dialect: Dialect): Value[] {
  return steps.reduce<Value[]>((values, step) => values.flatMap((item) => follow(item, step, dialect)), [value])
}

/**
 * Runs a jq expression made of paths joined by pipes: one result is answered as such, others as a list.
 * Throws MissingFunction for any other expression, FunctionFailure where the data does not fit.
 */
export function jq(expression: string, input: Value): Value {
  const stages = expression.split('|').map(readPath)
  const dialect: Dialect = {
    missingKey: () => null,
    wrongKind: (wanted, value) => {
      throw new FunctionFailure(`jq execution: cannot ${wanted}: ${kindName(value)}`)
    },
  }
  let values: Value[] = [input]
  for (const [position, stage] of stages.entries()) {
    if (!stage || (stages.length > 1 && expression.split('|')[position]?.trim() === ''))
      throw new MissingFunction('coll.JQ')
    values = values.flatMap((value) => followAll(value, stage, dialect))
  }
  return values.length === 1 ? (values[0] ?? null) : values
}

/** Follows a JSONPath made of keys, indexes and `*`. Throws MissingFunction for filters and slices. */
export function jsonPath(expression: string, input: Value): Value {
  const steps = readPath(
    expression
      .trim()
      .replace(/^\$/, '')
      .replace(/^(?=[A-Za-z_])/, '.'),
  )
  if (!steps || expression.includes('[]')) throw new MissingFunction('coll.JSONPath')
  const dialect: Dialect = {
    missingKey: (key) => {
      throw new FunctionFailure(`executing JSONPath ${expression}: ${key} is not found`)
    },
    wrongKind: (wanted, value) => {
      throw new FunctionFailure(`executing JSONPath ${expression}: cannot ${wanted}: ${kindName(value)}`)
    },
  }
  const values = followAll(input, steps, dialect)
  return values.length === 1 ? (values[0] ?? null) : values
}
