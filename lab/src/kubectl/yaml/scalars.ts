/** What a plain (unquoted) scalar means to the YAML 1.1 reader inside kubectl: `on`, `yes` and `y` are booleans. */

const trueWords = new Set('y Y yes Yes YES on On ON true True TRUE'.split(' '))
const falseWords = new Set('n N no No NO off Off OFF false False FALSE'.split(' '))
const nullWords = new Set(['', '~', 'null', 'Null', 'NULL'])
const decimal = /^[-+]?(0|[1-9][0-9_]*)$/
const prefixed = /^[-+]?0(x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)$/
const octal = /^[-+]?0[0-7_]+$/
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/
const infinities: Record<string, number> = {
  '.inf': Infinity,
  '+.inf': Infinity,
  '-.inf': -Infinity,
  '.nan': Number.NaN,
}

export const isBoolean = (text: string): boolean => trueWords.has(text) || falseWords.has(text)
export const isTrue = (text: string): boolean => trueWords.has(text)
export const isNull = (text: string): boolean => nullWords.has(text)
export const isInteger = (text: string): boolean => decimal.test(text) || prefixed.test(text) || octal.test(text)
export const isFloat = (text: string): boolean =>
  !isInteger(text) && (float.test(text) || Object.hasOwn(infinities, text.toLowerCase()))

/** The number a scalar that `isInteger` accepts stands for. */
export function integerOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '')
  return sign * (octal.test(text) ? Number.parseInt(digits, 8) : Number(digits))
}

/** The number a scalar that `isFloat` accepts stands for. */
export const floatOf = (text: string): number => infinities[text.toLowerCase()] ?? Number(text)

/** Would this text be read as something else than a string if it were not quoted? */
export const readsAsOther = (text: string): boolean =>
  isBoolean(text) ||
  isNull(text) ||
  isInteger(text) ||
  isFloat(text) ||
  /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text) ||
  /^\d{4}-\d{1,2}-\d{1,2}([Tt ]|$)/.test(text) ||
  text === '<<' ||
  text === '='
