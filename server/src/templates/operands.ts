import { FunctionFailure } from './errors.ts'
import { nodeText, type OperandNode } from './nodes.ts'
import { isMap, type ParameterType, typeName, type Value } from './values.ts'

/**
 * A value on its way through an expression. `boxed` tells that Go would know it only as an interface{} – what comes
 * out of a map or a list – which matters for error messages alone.
 */
export interface Operand {
  value: Value
  boxed: boolean
}

/** A value whose type Go knows. */
export function plain(value: Value): Operand {
  return { value, boxed: false }
}

/** A value taken out of a collection. */
export function boxed(value: Value): Operand {
  return { value, boxed: true }
}

const goTypes: Record<ParameterType, string> = {
  any: 'interface {}',
  string: 'string',
  int: 'int',
  float: 'float64',
  map: 'map[string]interface {}',
}

/** The Go type of an operand as error messages name it. */
export function operandType(operand: Operand): string {
  return operand.boxed ? 'interface {}' : typeName(operand.value)
}

/** The operand's value, if a parameter of this type takes it. Throws FunctionFailure with Go's text otherwise. */
export function assignable(operand: Operand, type: ParameterType): Value {
  const { value } = operand
  if (type === 'any' || fits(value, type)) return value
  if (value === null && type === 'map') return new Map()
  if (value === null && !operand.boxed) throw new FunctionFailure(`invalid value; expected ${goTypes[type]}`)
  const got = value === null ? 'interface {}' : typeName(value)
  throw new FunctionFailure(`wrong type for value; expected ${goTypes[type]}; got ${got}`)
}

function fits(value: Value, type: ParameterType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'int':
      return typeof value === 'bigint'
    case 'float':
      return typeof value === 'number'
    default:
      return isMap(value)
  }
}

/** The value of a constant written as an argument. Throws FunctionFailure when the parameter cannot take it. */
export function constantArgument(node: OperandNode, type: ParameterType): Value {
  if (node.type === 'nil') {
    if (type === 'any') return null
    if (type === 'map') return new Map()
    throw new FunctionFailure(`cannot assign nil to ${goTypes[type]}`)
  }
  if (type === 'any') return constantValue(node)
  if (type === 'string' && node.type === 'string') return node.value
  if (type === 'int' && node.type === 'number' && node.int !== undefined) return node.int
  if (type === 'float' && node.type === 'number' && node.float !== undefined) return node.float
  if (type === 'map') throw new FunctionFailure(`can't handle ${nodeText(node)} for arg of type ${goTypes.map}`)
  const expected = { string: 'string', int: 'integer', float: 'float' }[type]
  throw new FunctionFailure(`expected ${expected}; found ${nodeText(node)}`)
}

/** The value of a constant where no type is asked for. */
export function constantValue(node: OperandNode): Value {
  switch (node.type) {
    case 'bool':
    case 'string':
      return node.value
    case 'number':
      return node.isFloat ? (node.float ?? 0) : (node.int ?? 0n)
  }
  throw new FunctionFailure(`can't evaluate command ${nodeText(node)}`)
}
