import { GraphQLError } from 'graphql'
import { asWildError, type FailureCode, WildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Masker } from '../../platform/masking.ts'

/** `$targetIp` → `target_ip`: the name of the field as REST calls it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

const typeWords: [RegExp, string][] = [
  [/String cannot represent/, 'write text.'],
  [/Int cannot represent/, 'write a whole number.'],
  [/Float cannot represent/, 'write a number.'],
  [/Boolean cannot represent/, 'write true or false.'],
]

/** Why a variable was refused, in plain words and without its value, which may be a secret. */
function wrongType(message: string): string {
  const plain = typeWords.find(([pattern]) => pattern.test(message))?.[1]
  if (plain) return plain
  const choice = /Value "[^"]*" does not exist in "(\w+)" enum/.exec(message)
  if (choice || /Enum "\w+" cannot represent/.test(message)) return 'this is none of the words that are known.'
  return (message.split('; ').at(-1) ?? message).replace(/^Variable "\$\w+" got /, '')
}

/** A refusal by GraphQL itself (wrong variable type, missing argument, unknown field) as bad input that names the field. */
export function refusedByGraphql(error: GraphQLError): WildError {
  const variable = /Variable "\$(\w+)"/.exec(error.message)?.[1]
  const field = variable ? snakeCase(variable) : 'query'
  const why = /was not provided|must not be null/.test(error.message) ? 'is required.' : wrongType(error.message)
  const message = variable ? `${field}: ${why}` : error.message
  return new WildError('INVALID_INPUT', message, { field })
}

/** What lies behind an error of graphql-js as one of ours. */
export function behind(error: unknown): WildError {
  if (error instanceof GraphQLError) {
    const { originalError } = error
    // A wrong variable wraps another GraphQLError; only the outer one names the variable.
    return originalError && !(originalError instanceof GraphQLError) ? behind(originalError) : refusedByGraphql(error)
  }
  return asWildError(error)
}

/** The error as clients see it: code and details in `extensions`, masked; what is not ours is logged and says no more than INTERNAL. */
export function formatError(error: unknown, masker: Masker, log: Log): GraphQLError {
  const failure = behind(error)
  const code: FailureCode = failure.code
  if (code === 'INTERNAL') log.error({ err: failure.cause ?? error }, 'unexpected failure')
  const source = error instanceof GraphQLError ? error : undefined
  return new GraphQLError(masker.text(failure.message), {
    nodes: source?.nodes,
    path: source?.path,
    extensions: { code, details: masker.deep(failure.details) },
  })
}
