/** Kinds of tokens; `error` carries its message as text. */
export type TokenKind =
  | 'text'
  | 'leftDelimiter'
  | 'rightDelimiter'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'character'
  | 'string'
  | 'rawString'
  | 'charConstant'
  | 'number'
  | 'complex'
  | 'bool'
  | 'nil'
  | 'dot'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'end'
  | 'error'

/** A piece of the template: its kind, its text, the offset where it starts and its line (1-based). */
export interface Token {
  kind: TokenKind
  text: string
  offset: number
  line: number
}

/** Words that are no functions. */
export const keywords = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
])
const wordCharacter = /[\p{L}\p{Nd}_]/u
const whiteSpace = /[ \t\r\n]/

/** True for the four characters Go's templates count as space. */
export function isSpace(character: string): boolean {
  return character !== '' && whiteSpace.test(character)
}

/** Walks back from the end, as a regular expression would try every run of spaces in the text. */
export function withoutTrailingSpaces(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1] ?? '')) end--
  return text.slice(0, end)
}

/** True for what a name may consist of. */
export function isWord(character: string): boolean {
  return character !== '' && wordCharacter.test(character)
}

/** A character as Go's %#U names it: U+002D '-'. */
export function describeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character) ? `U+${code} '${character}'` : `U+${code}`
}
