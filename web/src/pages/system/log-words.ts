/** A line of the daemon's log. */
export interface LogLine {
  time: string
  level: string
  message: string
  fields: unknown
}

type Fields = Record<string, unknown>

const fieldsOf = (fields: unknown): Fields => (fields ?? {}) as Fields

/** Pure: true for the line that each request leaves. */
export function isRequest({ message, fields }: LogLine): boolean {
  return message === 'request' && 'path' in fieldsOf(fields)
}

/** Pure: what happened and with what: a request as people write one, anything else as its message and `name=value`. */
export function wordsOf(line: LogLine): { what: string; more: string } {
  const fields = fieldsOf(line.fields)
  if (!isRequest(line)) return { what: line.message, more: pairs(fields) }
  const { method, path, status, ms, ...rest } = fields
  return { what: `${word(method)} ${word(path)} ${word(status)}`, more: `${word(ms)} ms ${pairs(rest)}` }
}

/** Pure: a request that was refused is worth a look, one that the daemon failed is a fault. */
export function toneOf(line: LogLine): string {
  const status = isRequest(line) ? Number(fieldsOf(line.fields).status) : 0
  if (status >= 500) return 'error'
  return status >= 400 ? 'warn' : line.level
}

/** Pure: the lines to show. */
export function chosen<Line extends LogLine>(lines: Line[], wanted: { requests: boolean; search: string }): Line[] {
  const search = wanted.search.trim().toLowerCase()
  return lines.filter((line) => {
    if (!wanted.requests && isRequest(line)) return false
    if (!search) return true
    const { what, more } = wordsOf(line)
    return `${what} ${more}`.toLowerCase().includes(search)
  })
}

function pairs(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${word(value)}`)
    .join(' ')
}

/** An error says its message. */
function word(value: unknown): string {
  const said = typeof value === 'object' && value !== null && 'message' in value ? value.message : value
  return typeof said === 'string' ? said : JSON.stringify(said)
}
