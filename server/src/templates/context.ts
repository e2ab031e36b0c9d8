import { FunctionFailure } from './errors.ts'
import { GoTime } from './go-time.ts'
import { type GoMap, isMap, type Value, valueFrom } from './values.ts'
import { readYaml } from './yaml-context.ts'

/** Data for a template, typed as Go would type it. A Map from key to value. */
export type Context = GoMap

/** A text that is no YAML, or no map, where template data was expected. */
export class ContextError extends Error {
  override readonly name = 'ContextError'
}

/**
 * Turns plain data into a context: whole numbers become integers, Date objects times. What is already a Map is taken
 * as typed, so contexts can be parts of bigger ones: `contextFrom({ config: parseYamlContext(text), secrets })`.
 * Everything is copied. Throws ContextError for data that contains itself.
 */
export function contextFrom(value: unknown): Value {
  try {
    return valueFrom(value, (date) => GoTime.fromDate(date))
  } catch (error) {
    if (error instanceof RangeError) throw new ContextError('the template data nests too deeply')
    throw error
  }
}

/** Reads YAML the way gomplate reads `-c .=config.yaml`. Throws ContextError when it is no YAML or no map. */
export function parseYamlContext(text: string): Context {
  try {
    const value = readYaml(text)
    if (isMap(value)) return value
  } catch (error) {
    if (error instanceof FunctionFailure) throw new ContextError(error.message)
    throw error
  }
  throw new ContextError('the template data is not a map')
}
