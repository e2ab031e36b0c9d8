/** Puts `width` times `unit` before every line that is not empty. */
export function indent(width: number, unit: string, text: string): string {
  if (width <= 0 || unit.includes('\n')) return text
  const margin = unit.repeat(width)
  return text.replace(/^(?=[^\n])/gm, margin)
}

/** The first `length` bytes; everything when negative. */
export function truncate(length: number, text: string): string {
  return length < 0 ? text : Buffer.from(text).subarray(0, length).toString()
}

/** The first letter of every word in upper case, the rest as it is. */
export function titleCase(text: string): string {
  return text.replace(/[\p{L}\p{M}\p{N}_'’]+/gu, (word) => word.replace(/\p{L}/u, (letter) => letter.toUpperCase()))
}

/** Lower-case words with their first letter as it was, separated by single spaces. */
function words(text: string): string {
  const trimmed = text.trim()
  const lower = trimmed.toLowerCase()
  return `${trimmed.slice(0, 1)}${lower.slice(1)}`.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** foo_bar_baz */
export function snakeCase(text: string): string {
  return words(text).replaceAll(' ', '_')
}

/** foo-bar-baz */
export function kebabCase(text: string): string {
  return words(text).replaceAll(' ', '-')
}

/** fooBarBaz; the first letter stays as it was. */
export function camelCase(text: string): string {
  const trimmed = text.trim()
  const titled = titleCase(trimmed.toLowerCase())
  return `${trimmed.slice(0, 1)}${titled.slice(1)}`.replace(/[^\p{L}\p{N}]+/gu, '')
}

/** A text made fit for a URL: lower case letters and digits, joined by single dashes, accents taken off. */
export function slug(text: string): string {
  const words = text.trim().normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('&', ' and ').replaceAll('@', ' at ')
  return words
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-_]+|(?<![-_])[-_]+$/g, '')
}

/** Breaks lines at spaces before they grow longer than `width` characters; longer words stay whole. */
export function wordWrap(text: string, width: number, lineBreak: string): string {
  const room = Math.max(width || 80, 1)
  const lines: string[] = []
  let rest = text
  while (rest.length > room) {
    rest = rest.replace(/^ +/, '')
    if (rest.length <= room) break
    let space = rest.lastIndexOf(' ', room)
    if (space <= 0) space = rest.indexOf(' ', room)
    if (space < 0) break
    lines.push(rest.slice(0, space))
    rest = rest.slice(space + 1)
  }
  return [...lines, rest].join(lineBreak || '\n')
}
