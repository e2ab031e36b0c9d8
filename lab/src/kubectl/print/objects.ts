import { CommandError } from '../errors.ts'
import { printYaml } from '../yaml/print.ts'
import { evaluate } from './json-path.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}

/** JSON as kubectl prints it: sorted keys, four spaces. */
export const printJson = (value: Json): string => `${JSON.stringify(sorted(value), null, 4)}\n`

/** One compact line, as watches print. */
export const printLine = (value: Json): string => `${JSON.stringify(sorted(value))}\n`

/** `deployment.apps/web` lines. */
function names(object: Json): string {
  const objects = object.kind === 'List' ? object.items : [object]
  return objects
    .map(({ apiVersion, kind, metadata }: Json) => {
      const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
      return `${kind.toLowerCase()}${group}/${metadata.name}\n`
    })
    .join('')
}

/** Formats that print whole objects; the others make tables. */
export const printsObjects = (format: string | undefined): boolean =>
  format !== undefined && format !== '' && format !== 'wide'

/** Prints an object or List in the format of `-o`. Throws for formats there are none of. */
export function printObject(format: string, object: Json): string {
  if (format === 'json') return printJson(object)
  if (format === 'yaml') return printYaml(object)
  if (format === 'name') return names(object)
  if (format.startsWith('jsonpath=')) return evaluate(format.slice('jsonpath='.length), object)
  throw new CommandError(
    `unable to match a printer suitable for the output format "${format}", allowed formats are: json,jsonpath,name,wide,yaml`,
  )
}
