import { type Directive, formatFloatWith, formatInteger, pad } from './format-number.ts'
import { quote } from './literals.ts'
import { textOf } from './print.ts'
import { isList, isMap, sortedKeys, typeName, type Value } from './values.ts'

/** Go prints BADWIDTH and BADPREC beyond this. */
const largestWidth = 1_000_000

/** Go's Sprintf, with its complaints about verbs and arguments that do not fit inside the text. */
export function sprintf(format: string, values: Value[]): string {
  return new Formatter(format, values).run()
}

class Formatter {
  private readonly format: string
  private readonly values: Value[]
  private position = 0
  private argument = 0
  private reordered = false
  private goodIndex = true
  private out = ''

  constructor(format: string, values: Value[]) {
    this.format = format
    this.values = values
  }

  run(): string {
    while (this.position < this.format.length) {
      const percent = this.format.indexOf('%', this.position)
      const stop = percent < 0 ? this.format.length : percent
      this.out += this.format.slice(this.position, stop)
      this.position = stop + 1
      if (percent >= 0) this.directive()
    }
    if (!this.reordered && this.argument < this.values.length) this.complainAboutRest()
    return this.out
  }

  private complainAboutRest(): void {
    const rest = this.values.slice(this.argument)
    const named = rest.map((value) => (value === null ? '<nil>' : `${typeName(value)}=${textOf(value)}`))
    this.out += `%!(EXTRA ${named.join(', ')})`
  }

  private directive(): void {
    const directive = this.flags()
    this.goodIndex = true
    this.argumentIndex()
    this.width(directive)
    this.precision(directive)
    this.argumentIndex()
    if (this.position >= this.format.length) {
      this.out += '%!(NOVERB)'
      return
    }
    directive.verb = String.fromCodePoint(this.format.codePointAt(this.position) ?? 0)
    this.position += directive.verb.length
    if (directive.verb === 'v') {
      // %+v only adds field names, which nothing here has; %#v means another notation.
      directive.plus = false
      directive.goSyntax = directive.sharp
      directive.sharp = false
    }
    this.out += this.operand(directive)
  }

  private operand(directive: Directive): string {
    const { verb } = directive
    if (verb === '%') return '%'
    if (!this.goodIndex) return `%!${verb}(BADINDEX)`
    if (this.argument >= this.values.length) return `%!${verb}(MISSING)`
    return formatValue(this.values[this.argument++] ?? null, directive)
  }

  private flags(): Directive {
    const directive: Directive = {
      verb: '',
      plus: false,
      minus: false,
      sharp: false,
      space: false,
      zero: false,
      goSyntax: false,
    }
    for (; this.position < this.format.length; this.position++) {
      const flag = this.format[this.position]
      if (flag === '+') directive.plus = true
      else if (flag === '-') directive.minus = true
      else if (flag === '#') directive.sharp = true
      else if (flag === ' ') directive.space = true
      else if (flag === '0') directive.zero = true
      else break
    }
    return directive
  }

  /** `[n]` picks the argument to use next, counted from 1. */
  private argumentIndex(): void {
    if (this.format[this.position] !== '[') return
    this.reordered = true
    const close = this.format.indexOf(']', this.position)
    const index = Number(/^\d+$/.exec(this.format.slice(this.position + 1, close < 0 ? undefined : close))?.[0] ?? -1)
    this.position = close < 0 ? this.position + 1 : close + 1
    if (close >= 0 && index >= 1 && index <= this.values.length) this.argument = index - 1
    else this.goodIndex = false
  }

  private number(): number | undefined {
    const digits = /\d+/y
    digits.lastIndex = this.position
    const found = digits.exec(this.format)?.[0]
    if (found === undefined) return undefined
    this.position += found.length
    return Number(found)
  }

  /** The argument a `*` stands for, when it is a fitting integer. */
  private star(): number | undefined {
    this.position++
    const value = this.values[this.argument++]
    if (typeof value !== 'bigint' || value > largestWidth || value < -largestWidth) return undefined
    return Number(value)
  }

  private width(directive: Directive): void {
    if (this.format[this.position] !== '*') {
      const width = this.number()
      if (width !== undefined && width > largestWidth) this.out += '%!(BADWIDTH)'
      else directive.width = width
      return
    }
    const width = this.star()
    if (width === undefined) this.out += '%!(BADWIDTH)'
    else {
      directive.width = Math.abs(width)
      if (width < 0) directive.minus = true
    }
  }

  private precision(directive: Directive): void {
    if (this.format[this.position] !== '.' || this.position + 1 >= this.format.length) return
    this.position++
    this.argumentIndex()
    if (this.format[this.position] !== '*') {
      const precision = this.number() ?? 0
      if (precision > largestWidth) this.out += '%!(BADPREC)'
      else directive.precision = precision
      return
    }
    const precision = this.star()
    if (precision === undefined || precision < 0) this.out += '%!(BADPREC)'
    else directive.precision = precision
  }
}

/** One value under one directive. */
export function formatValue(value: Value, directive: Directive): string {
  if (directive.verb === 'T')
    return value === null ? pad('<nil>', directive) : (formatString(typeName(value), { ...directive, verb: 's' }) ?? '')
  if (value === null) return directive.verb === 'v' ? pad('<nil>', directive) : `%!${directive.verb}(<nil>)`
  return formatInside(value, directive)
}

function formatInside(value: Value, directive: Directive): string {
  if (value === null) return '<nil>'
  if (isList(value)) return formatList(value, directive)
  if (isMap(value)) {
    const entries = sortedKeys(value).map(
      (key) => `${formatInside(key, directive)}:${formatInside(value.get(key) ?? null, directive)}`,
    )
    return directive.goSyntax ? `map[string]interface {}{${entries.join(', ')}}` : `map[${entries.join(' ')}]`
  }
  return formatScalar(value, directive) ?? badVerb(value, directive)
}

/** A value under a verb that does not fit it; flags and width still count. */
function badVerb(value: Value, directive: Directive): string {
  const shown = formatScalar(value, { ...directive, verb: 'v' }) ?? textOf(value)
  return `%!${directive.verb}(${typeName(value)}=${shown})`
}

function formatList(list: Value[], directive: Directive): string {
  const items = list.map((item) => formatInside(item, directive))
  return directive.goSyntax ? `[]interface {}{${items.join(', ')}}` : `[${items.join(' ')}]`
}

function formatScalar(value: Value, directive: Directive): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return directive.verb === 'v' || directive.verb === 't' ? pad(String(value), directive) : undefined
    case 'bigint':
      return formatInteger(value, directive)
    case 'number':
      return formatFloatWith(value, directive)
    case 'string':
      return formatString(value, directive)
  }
  return formatString(String(value), directive)
}

function formatString(text: string, directive: Directive): string | undefined {
  const { verb, precision } = directive
  if (verb === 'x' || verb === 'X') return formatBytes(text, directive)
  const shown = precision === undefined ? text : [...text].slice(0, precision).join('')
  if (verb === 'q' || directive.goSyntax) {
    const raw = directive.sharp && verb === 'q' && !shown.includes('`')
    return pad(raw ? `\`${shown}\`` : quote(shown, '"', directive.plus), directive)
  }
  return verb === 'v' || verb === 's' ? pad(shown, directive) : undefined
}

function formatBytes(text: string, directive: Directive): string {
  const bytes = Buffer.from(text).subarray(0, directive.precision ?? undefined)
  const digits = directive.verb === 'X' ? bytes.toString('hex').toUpperCase() : bytes.toString('hex')
  return pad(directive.sharp && digits ? `0${directive.verb}${digits}` : digits, directive)
}
