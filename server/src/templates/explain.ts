import { placeOf, type TemplateError } from './errors.ts'

/** A template error in parts, for people and editors. */
export interface Explained {
  file: string
  /** 1-based. */
  line: number
  /** 1-based, in characters. */
  column: number
  /** What is wrong, without the place. */
  reason: string
  /** The text it is about: the expression that failed, or the line that does not parse. */
  near: string
}

const longestNear = 120

/** Says where and why a template failed, and at which text. `text` is the template that was rendered under `error.file`. */
export function explain(error: TemplateError, text: string): Explained {
  const { file, line } = error
  const words = withoutPlace(error)
  const [, near, reason] = /^executing "(?:[^"\\]|\\.)*" at <([\s\S]*?)>: ([\s\S]*)$/.exec(words) ?? []
  const source = text.split('\n')[line - 1] ?? ''
  return {
    file,
    line,
    column: columnOf(error, text, source),
    reason: reason ?? words,
    near: shortened(near || source.trim()),
  }
}

function withoutPlace({ message, file, line, column }: TemplateError): string {
  const rest = message.startsWith('template: ') ? message.slice('template: '.length) : message
  for (const place of [`${file}:${line}:${column}: `, `${file}:${line}: `])
    if (rest.startsWith(place)) return rest.slice(place.length)
  return rest
}

function columnOf({ code, file, line, column, offset }: TemplateError, text: string, source: string): number {
  let bytes = column
  if (offset !== undefined) {
    const place = placeOf(file, text, offset)
    bytes = place.line === line ? place.column : 0
  } else if (code === 'TEMPLATE_PARSE') bytes = 0
  return Buffer.from(source).subarray(0, bytes).toString().length + 1
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length > longestNear ? `${characters.slice(0, longestNear).join('')}…` : text
}
