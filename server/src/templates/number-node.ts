import { FunctionFailure } from './errors.ts'
import { quote, unquoteCharacter } from './literals.ts'
import type { OperandNode } from './nodes.ts'
import { parseFloat64, parseInteger } from './numbers.ts'
import type { Token } from './tokens.ts'

type NumberNode = Extract<OperandNode, { type: 'number' }>

/**
 * Reads a number or character constant. Whether it is an integer or a float follows from how it is written, as in Go.
 * Throws FunctionFailure for what Go rejects, and for complex numbers, which nothing here can use.
 */
export function parseNumber(token: Token): NumberNode {
  const { offset, text } = token
  if (token.kind === 'charConstant')
    return { type: 'number', offset, text, int: BigInt(unquoteCharacter(text)), isFloat: false }
  if (token.kind === 'complex' || text.endsWith('i')) throw new FunctionFailure(`illegal number syntax: ${quote(text)}`)
  const int = parseInteger(text)
  if (typeof int === 'bigint') return { type: 'number', offset, text, int, float: Number(int), isFloat: false }
  if (int === 'value out of range') throw new FunctionFailure(`integer overflow: ${quote(text)}`)
  const float = parseFloat64(text, true)
  if (float === undefined || !Number.isFinite(float)) throw new FunctionFailure(`illegal number syntax: ${quote(text)}`)
  if (!/[.eEpP]/.test(text)) throw new FunctionFailure(`integer overflow: ${quote(text)}`)
  return {
    type: 'number',
    offset,
    text,
    float,
    int: Number.isSafeInteger(float) ? BigInt(float) : undefined,
    isFloat: true,
  }
}
