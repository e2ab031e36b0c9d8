/** Base64 characters that are the same whatever stands before and after the value: three alignments, edges left out. */
function embeddedBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
}

/** Everything but letters, digits and `-_.~` as %XX, as Go's and most other URL writers do; encodeURIComponent leaves `!'()*`. */
function percentEncoded(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function lowerCaseEscapes(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

/**
 * The forms in which a tool may print a secret: as it is, trimmed, base64 and base64url (also in the middle of something
 * longer), hex, URL, form, JSON (Go's too, which escapes `<>&`), YAML and shell quoting, and a long one line by line.
 * Forms hold no line breaks: see `joinLines`.
 */
export function secretForms(secret: string): Set<string> {
  const bytes = Buffer.from(secret)
  // Half a surrogate pair has no bytes of its own and would be refused below.
  const value = bytes.toString()
  const standard = [bytes.toString('base64'), ...embeddedBase64(bytes)]
  const base64 = [...standard, ...standard.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]
  const json = JSON.stringify(value).slice(1, -1)
  const goJson = json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
  const urls = [encodeURIComponent(value), percentEncoded(value)]
  const hex = bytes.toString('hex')
  const forms = [
    value,
    ...base64,
    ...base64.map((text) => text.replace(/=+$/, '')),
    hex,
    hex.toUpperCase(),
    ...urls,
    ...urls.map(lowerCaseEscapes),
    ...urls.map((text) => text.replaceAll('%20', '+')),
    json,
    goJson,
    value.replaceAll("'", "''"),
    value.replaceAll("'", `'"'"'`),
  ]
  // Part of a long secret (PEM) may be printed alone.
  for (const line of value.split('\n'))
    if (line.trim().length >= 16 && !line.startsWith('-----')) forms.push(line.trim())
  return new Set(forms.map((form) => joinLines(form).trim()))
}

const lineBreak = /[ \t]*\r?\n[ \t]*/g

/** Text without line breaks and the blanks around them: what is wrapped or indented is found as if it stood on one line. */
export function joinLines(text: string): string {
  return text.replace(lineBreak, '')
}

/** The same, with a way back: `at(i)` is where character `i` of `flat` stands in the text. */
export function joinWithPositions(text: string): { flat: string; at(index: number): number } {
  if (!text.includes('\n')) return { flat: text, at: (index) => index }
  const pieces: { flat: number; text: number }[] = [{ flat: 0, text: 0 }]
  let flat = ''
  let last = 0
  for (const match of text.matchAll(lineBreak)) {
    flat += text.slice(last, match.index)
    last = match.index + match[0].length
    pieces.push({ flat: flat.length, text: last })
  }
  flat += text.slice(last)
  return {
    flat,
    at(index) {
      const piece = pieces.findLast((start) => start.flat <= index)!
      return piece.text + index - piece.flat
    },
  }
}
