import { FunctionFailure } from '../errors.ts'
import { textOf } from '../print.ts'
import type { CallScope, Value } from '../values.ts'
import { toText } from './conv-values.ts'
import { type FunctionModule, fixed, scoped } from './declare.ts'

function variable(args: Value[], scope: CallScope): string {
  const [name, fallback] = args.map(toText)
  const value = scope.env[name ?? '']
  return value === undefined || value === '' ? (fallback ?? '') : value
}

/** `$NAME` and `${NAME}` in a text replaced by variables; unknown ones become empty. */
function expand(args: Value[], scope: CallScope): string {
  return toText(args[0] ?? null).replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => scope.env[braced ?? bare] ?? '')
}

const getenv = scoped(['any'], 'any', variable)

/** Environment variables: only those the caller of the renderer hands over, by default none. */
export const env: FunctionModule = {
  name: 'env',
  functions: {
    Getenv: getenv,
    ExpandEnv: scoped(['any'], undefined, expand),
    HasEnv: scoped(['any'], undefined, (args, scope) => Object.hasOwn(scope.env, toText(args[0] ?? null))),
    Env: scoped([], undefined, (_, scope) => new Map(Object.entries(scope.env))),
  },
  aliases: { getenv: 'Getenv' },
}

function noFile(path: Value): never {
  throw new FunctionFailure(`open ${textOf(path)}: no such file or directory`)
}

/** Files: templates see none. Asking whether one exists says no, reading one fails. */
export const file: FunctionModule = {
  name: 'file',
  functions: {
    Exists: fixed(['any'], () => false),
    IsDir: fixed(['any'], () => false),
    Read: fixed(['any'], noFile),
    Stat: fixed(['any'], noFile),
    ReadDir: fixed(['any'], noFile),
  },
}
