/** Where a document of the stream starts or stops making sense. */
export class JsonStreamError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'JsonStreamError'
    this.offset = offset
  }
}

/** Index just behind the object or array that starts at `start`; -1 when the text ends before it does. */
function endOfDocument(text: string, start: number): number {
  let depth = 0
  let inString = false
  for (let i = start; i < text.length; i++) {
    const char = text[i]
    if (inString) {
      if (char === '\\') i++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') {
      depth--
      if (depth === 0) return i + 1
    }
  }
  return -1
}

/**
 * Reads JSON documents (objects or arrays) written one after another without separators, as `talosctl get -o json`
 * prints them. Empty text is an empty list. Throws JsonStreamError with the offset of the document that is broken.
 */
export function parseJsonDocuments(text: string): unknown[] {
  const documents: unknown[] = []
  let position = 0
  for (;;) {
    while (position < text.length && /\s/.test(text[position]!)) position++
    if (position >= text.length) return documents
    if (text[position] !== '{' && text[position] !== '[')
      throw new JsonStreamError(`Expected a JSON document at offset ${position}.`, position)
    const end = endOfDocument(text, position)
    if (end < 0) throw new JsonStreamError(`The JSON document at offset ${position} has no end.`, position)
    try {
      documents.push(JSON.parse(text.slice(position, end)))
    } catch {
      throw new JsonStreamError(`The JSON document at offset ${position} cannot be read.`, position)
    }
    position = end
  }
}
