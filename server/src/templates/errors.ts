/** What kind of failure a template met: it does not parse, it fails while running, or it needs a function we lack. */
export type TemplateErrorCode = 'TEMPLATE_PARSE' | 'TEMPLATE_EXEC' | 'TEMPLATE_FUNCTION_MISSING'

/** Where a template failed. */
export interface TemplatePlace {
  file: string
  /** 1-based. */
  line: number
  /** 0-based offset in bytes within the line, as Go counts it; 0 for parse errors, which know only their line. */
  column: number
}

/** A template that cannot be rendered. The message is the text Go's text/template prints. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly code: TemplateErrorCode
  readonly file: string
  readonly line: number
  readonly column: number

  /** Where in the text, for parse errors: the end of what was read. */
  readonly offset: number | undefined

  constructor(code: TemplateErrorCode, place: TemplatePlace, message: string, offset?: number) {
    super(message)
    this.code = code
    this.file = place.file
    this.line = place.line
    this.column = place.column
    this.offset = offset
  }
}

/** A failure inside a function or a conversion; the evaluator adds the place and turns it into a TemplateError. */
export class FunctionFailure extends Error {}

/** A function that exists in gomplate but not here; the evaluator reports it as TEMPLATE_FUNCTION_MISSING. */
export class MissingFunction extends Error {
  readonly functionName: string

  constructor(functionName: string) {
    super(`function "${functionName}" is not built in`)
    this.functionName = functionName
  }
}

/** Line (1-based) and column (0-based, in UTF-8 bytes) of an offset in a text. */
export function placeOf(file: string, text: string, offset: number): TemplatePlace {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  let line = 1
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++
  return { file, line, column: Buffer.byteLength(before.slice(lineStart)) }
}
