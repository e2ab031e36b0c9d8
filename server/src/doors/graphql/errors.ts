import { GraphQLError } from 'graphql'
import { asWildError, type FailureCode, WildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Masker } from '../../platform/masking.ts'

/** `$targetIp` → `target_ip`: the name of the field as REST calls it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A refusal by GraphQL itself (wrong variable type, missing argument, unknown field) as bad input that names the field. */
export function refusedByGraphql(error: GraphQLError): WildError {
  const variable = /Variable "\$(\w+)"/.exec(error.message)?.[1]
  const field = variable ? snakeCase(variable) : 'query'
  const why = /was not provided|must not be null/.test(error.message)
    ? 'is required.'
    : (error.message.split('; ').at(-1) ?? error.message).replace(/^Variable "\$\w+" got /, '')
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
