/** Values shorter than this are not masked: hiding every "5432" or "admin" would make logs unreadable and protect little. */
export const shortestMasked = 6
/** Words that are too common to be hidden even when somebody chose one as a password. */
const common = new Set(['password', 'secret', 'changeme', 'default', 'example', 'localhost'])
const mask = '***'

/** Replaces known secrets in text, in every form a tool may print them. */
export interface Masker {
  /** Adds values; empty, short and common ones are ignored (see `shortestMasked`). */
  add(values: Iterable<string>): void
  text(value: string): string
  /** A deep copy with every string masked; keys too. */
  deep<T>(value: T): T
  /** Longest form known, in characters: how much a splitter must hold back. */
  longest(): number
}

function forms(value: string): string[] {
  const bytes = Buffer.from(value)
  const base64 = bytes.toString('base64')
  const found = [value, base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), encodeURIComponent(value)]
  found.push(JSON.stringify(value).slice(1, -1), bytes.toString('hex'))
  // A multi-line secret (PEM) is printed line by line.
  for (const line of value.split('\n')) if (line.length >= 16 && !line.startsWith('-----')) found.push(line.trim())
  return found
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A masker that knows nothing yet. */
export function createMasker(initial: Iterable<string> = []): Masker {
  const known = new Set<string>()
  let patterns: RegExp[] | undefined
  let longest = 0

  function add(values: Iterable<string>): void {
    for (const value of values) {
      if (value.length < shortestMasked || common.has(value.toLowerCase())) continue
      for (const form of forms(value)) if (form.length >= shortestMasked) known.add(form)
    }
    longest = Math.max(0, ...[...known].map((form) => form.length))
    patterns = undefined
  }

  function compile(): RegExp[] {
    const sorted = [...known].sort((a, b) => b.length - a.length).map(escapePattern)
    const chunks: RegExp[] = []
    for (let i = 0; i < sorted.length; i += 500) chunks.push(new RegExp(sorted.slice(i, i + 500).join('|'), 'g'))
    return chunks
  }

  function text(value: string): string {
    if (known.size === 0) return value
    patterns ??= compile()
    return patterns.reduce((masked, pattern) => masked.replace(pattern, mask), value)
  }

  function deep(value: unknown): unknown {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), deep(inner)]))
    return value
  }

  add(initial)
  return { add, text, deep: deep as Masker['deep'], longest: () => longest }
}
