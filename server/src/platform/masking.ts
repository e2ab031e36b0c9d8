import { joinWithPositions, secretForms } from './masking-forms.ts'

/** Values shorter than this are not masked: hiding every "5432" or "admin" would make logs unreadable and protect little. */
export const shortestMasked = 6
/** Words that are too common to be hidden even when somebody chose one as a password. */
const common = new Set(['password', 'secret', 'changeme', 'default', 'example', 'localhost'])
const mask = '***'
/** Characters that tell where a form may begin; also what must stand at a line's end before the next line is waited for. */
const tell = 4
/** Beginning of a secret that is hidden although the rest never came. */
const shortestBeginning = 8

/** Replaces known secrets in text, in every form a tool may print them. */
export interface Masker {
  /** Adds values; empty, short and common ones are ignored (see `shortestMasked`). */
  add(values: Iterable<string>): void
  /** The text with `***` for every secret, also for one that is spread over several lines. */
  text(value: string): string
  /** A deep copy with every string masked; keys too. */
  deep<T>(value: T): T
  /** Masks lines that come one by one; `emit` gets each as soon as it cannot be the beginning of a secret any more. */
  lines(emit: (line: string) => void): LineMasker
  /** Longest form known, in characters. */
  longest(): number
}

export interface LineMasker {
  /** `cut`: the rest of this line is lost; if it ends with the beginning of a secret, that is hidden too. */
  push(line: string, options?: { cut?: boolean }): void
  end(): void
}

/** Lines held back at most while a secret may still be going on. */
const mostHeld = 500

/** `from` and `to` in characters; `to` is exclusive. */
interface Range {
  from: number
  to: number
}

interface Found {
  ranges: Range[]
  /** Where the text ends with the beginning of a secret. */
  begins?: number
}

function hash(text: string, at: number): number {
  let sum = 0
  for (let i = at; i < at + tell; i++) sum = (sum * 31 + text.charCodeAt(i)) & 0xffff
  return sum
}

/** A masker that knows nothing yet. */
export function createMasker(initial: Iterable<string> = []): Masker {
  const known = new Set<string>()
  /** Forms by the hash of their first characters, longest first. */
  const buckets: (string[] | undefined)[] = []
  const unsorted = new Set<number>()
  let longest = 0

  function add(values: Iterable<string>): void {
    for (const value of values) {
      if (value.length < shortestMasked || common.has(value.trim().toLowerCase())) continue
      // A value kept with a line break at its end is mostly printed without.
      for (const text of new Set([value, value.trim()]))
        for (const form of secretForms(text)) if (form.length >= shortestMasked && !known.has(form)) learn(form)
    }
  }

  function learn(form: string): void {
    known.add(form)
    longest = Math.max(longest, form.length)
    const key = hash(form, 0)
    buckets[key] ??= []
    buckets[key].push(form)
    unsorted.add(key)
  }

  /** All places of secrets, overlapping ones joined. */
  function find(text: string): Found {
    for (const key of unsorted) buckets[key]!.sort((a, b) => b.length - a.length)
    unsorted.clear()
    const ranges: Range[] = []
    let begins: number | undefined
    for (let at = 0; at + tell <= text.length; at++) {
      const forms = buckets[hash(text, at)]
      if (!forms) continue
      const found = forms.find((form) => text.startsWith(form, at))
      const last = ranges.at(-1)
      if (found && last && at <= last.to) last.to = Math.max(last.to, at + found.length)
      else if (found) ranges.push({ from: at, to: at + found.length })
      else if (begins === undefined && at >= (last?.to ?? 0) && goesOn(text, at, forms)) begins = at
    }
    return { ranges, begins }
  }

  function goesOn(text: string, at: number, forms: string[]): boolean {
    const left = text.length - at
    return left < longest && forms.some((form) => form.length > left && form.startsWith(text.slice(at)))
  }

  /** The text from `start` on with its secrets hidden. With `cut`, a secret that only begins at the end is hidden too. */
  function hide(text: string, start = 0, cut = false): { shown: string; begins: boolean } {
    const { flat, at } = joinWithPositions(text)
    const { ranges, begins } = find(flat)
    if (cut && begins !== undefined && flat.length - begins >= shortestBeginning)
      ranges.push({ from: begins, to: flat.length })
    let shown = ''
    let done = start
    for (const range of ranges) {
      const [from, to] = [at(range.from), at(range.to - 1) + 1]
      if (to <= done) continue
      shown += text.slice(done, Math.max(from, done)) + mask
      done = to
    }
    return { shown: shown + text.slice(done), begins: begins !== undefined }
  }

  function text(value: string): string {
    return known.size === 0 ? value : hide(value).shown
  }

  function deep(value: unknown): unknown {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), deep(inner)]))
    return value
  }

  function lines(emit: (line: string) => void): LineMasker {
    let held: string[] = []
    // What was given out last may be the first letters of a secret, too few to have been held back.
    let before = ''

    function give(cut: boolean, always: boolean): void {
      const start = before ? before.length + 1 : 0
      const raw = `${before}${before ? '\n' : ''}${held.join('\n')}`
      const { shown, begins } = hide(raw, start, cut)
      const enough = held.length > 1 && raw.length > longest * 4 + 4_096
      if (begins && !always && !enough && held.length < mostHeld) return
      before = shown.endsWith(mask) || cut ? '' : held.at(-1)!.slice(1 - tell)
      held = []
      for (const line of shown.split('\n')) emit(line)
    }

    return {
      push(line, { cut = false } = {}) {
        if (known.size === 0) return emit(line)
        held.push(line)
        give(cut, cut)
      },
      end() {
        if (held.length) give(false, true)
      },
    }
  }

  add(initial)
  return { add, text, deep: deep as Masker['deep'], lines, longest: () => longest }
}
