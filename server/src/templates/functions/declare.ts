import type { CallScope, GoFunction, GoMap, GoObject, Member, ParameterType, Value } from '../values.ts'

/** What a parameter type is in TypeScript. */
interface TypeOf {
  any: Value
  string: string
  int: bigint
  float: number
  map: GoMap
}

type ArgumentsOf<P extends readonly ParameterType[]> = { [I in keyof P]: TypeOf[P[I]] }

/** A function with a fixed list of parameters; the evaluator has checked their number and types before the call. */
export function fixed<const P extends readonly ParameterType[]>(
  parameters: P,
  call: (...args: ArgumentsOf<P>) => Value,
): GoFunction {
  return { parameters, call: (args) => call(...(args as unknown as ArgumentsOf<P>)) }
}

/** A function that takes any number of further arguments of one type after its fixed ones. */
export function variadic<const P extends readonly ParameterType[], R extends ParameterType>(
  parameters: P,
  rest: R,
  call: (...args: [...ArgumentsOf<P>, ...TypeOf[R][]]) => Value,
): GoFunction {
  return { parameters, rest, call: (args) => call(...(args as [...ArgumentsOf<P>, ...TypeOf[R][]])) }
}

/** A function that needs to know the rendering it is called from. */
export function scoped(
  parameters: readonly ParameterType[],
  rest: ParameterType | undefined,
  call: (args: Value[], scope: CallScope) => Value,
): GoFunction {
  return { parameters, rest, call }
}

/** A named group of functions, reached as `name.Function`. */
export class Namespace implements GoObject {
  readonly goType: string
  readonly functions: Readonly<Record<string, GoFunction>>

  constructor(name: string, functions: Readonly<Record<string, GoFunction>>) {
    this.goType = `*funcs.${name}`
    this.functions = functions
  }

  toString(): string {
    return '&{}'
  }

  member(name: string): Member | undefined {
    return Object.hasOwn(this.functions, name) ? { method: this.functions[name] as GoFunction } : undefined
  }
}

/** The functions a module offers: a namespace, and the short names some of its functions also have. */
export interface FunctionModule {
  name?: string
  functions: Readonly<Record<string, GoFunction>>
  /** Short name → name within `functions`. */
  aliases?: Readonly<Record<string, string>>
}
