import { FunctionFailure } from '../errors.ts'
import { kindName, typeName, type Value } from '../values.ts'
import { toBoolean, toText } from './conv-values.ts'
import { type FunctionModule, fixed, variadic } from './declare.ts'

/** Takes (value) or (message, value) apart. Throws FunctionFailure otherwise. */
function messageAndValue(args: Value[]): { message: string; value: Value } {
  if (args.length === 1) return { message: '', value: args[0] ?? null }
  if (args.length !== 2) throw new FunctionFailure(`wrong number of args: want 1 or 2, got ${args.length}`)
  const [message, value] = args
  if (typeof message !== 'string') {
    throw new FunctionFailure(`at <1>: expected string; found ${typeName(message ?? null)}`)
  }
  return { message, value: value ?? null }
}

function required(args: Value[]): Value {
  const { message, value } = messageAndValue(args)
  if (value !== null && value !== '') return value
  throw new FunctionFailure(message || 'can not render template: a required value was not set')
}

function assert(args: Value[]): string {
  if (args.length === 0) throw new FunctionFailure('wrong number of args: want 1 or 2, got 0')
  const { message, value } = messageAndValue(args)
  if (toBoolean(value)) return ''
  throw new FunctionFailure(message ? `assertion failed: ${message}` : 'assertion failed')
}

function fail(args: Value[]): never {
  if (args.length > 1) throw new FunctionFailure(`wrong number of args: want 0 or 1, got ${args.length}`)
  const message = args.length === 1 ? toText(args[0] ?? null) : ''
  throw new FunctionFailure(message ? `template generation failed: ${message}` : 'template generation failed')
}

function isKind(kind: string, value: Value): boolean {
  const actual = kindName(value)
  return actual === kind || (kind === 'number' && (actual === 'int' || actual === 'float64'))
}

/** Checks and choices. */
export const test: FunctionModule = {
  name: 'test',
  functions: {
    Assert: variadic([], 'any', (...args) => assert(args)),
    Fail: variadic([], 'any', (...args) => fail(args)),
    Required: variadic([], 'any', (...args) => required(args)),
    Ternary: fixed(['any', 'any', 'any'], (whenTrue, whenFalse, value) => (toBoolean(value) ? whenTrue : whenFalse)),
    Kind: fixed(['any'], kindName),
    IsKind: fixed(['string', 'any'], isKind),
  },
  aliases: {
    assert: 'Assert',
    fail: 'Fail',
    required: 'Required',
    ternary: 'Ternary',
    kind: 'Kind',
    isKind: 'IsKind',
  },
}
