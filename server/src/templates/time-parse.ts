import { FunctionFailure } from './errors.ts'
import { quote } from './literals.ts'
import { dayNames, layoutChunk, monthNames, type TimeParts } from './time-layout.ts'

/** The texts a layout piece accepts, as a regular expression. */
function chunkPattern(form: string): string {
  if (form === 'January') return monthNames.join('|')
  if (form === 'Jan') return monthNames.map((name) => name.slice(0, 3)).join('|')
  if (form === 'Monday') return dayNames.join('|')
  if (form === 'Mon') return dayNames.map((name) => name.slice(0, 3)).join('|')
  if (form === 'MST') return '[A-Z]{3,5}|[+-]\\d{2,4}'
  if (form === 'PM') return 'AM|PM'
  if (form === 'pm') return 'am|pm'
  if (form === '2006') return '\\d{4}'
  if (/^0[1-6]$/.test(form)) return '\\d{2}'
  if (form === '15') return '\\d{1,2}'
  if (/^[12345]$/.test(form)) return '\\d{1,2}'
  if (form === '_2') return ' ?\\d{1,2}'
  if (form === '002' || form === '__2') return ' {0,2}\\d{1,3}'
  if (/^[.,]0/.test(form)) return `[.,]\\d{${form.length - 1}}`
  if (/^[.,]9/.test(form)) return '(?:[.,]\\d+)?'
  const sign = form.startsWith('Z') ? 'Z|' : ''
  const digits = form.replace(/[^0-9]/g, '').length
  const colon = form.includes(':') ? ':' : ''
  return `${sign}[+-]\\d{2}${`${colon}\\d{2}`.repeat(digits / 2 - 1)}`
}

/** Longer layouts are none anyone wrote. */
const longestLayout = 500

/** A layout as a list of patterns: each piece with the plain text before it, and the plain text at the end. */
interface LayoutPatterns {
  pieces: { form: string; pattern: string }[]
  end: string
}

function layoutPatterns(layout: string): LayoutPatterns {
  const pieces: LayoutPatterns['pieces'] = []
  let last = 0
  for (const match of layout.matchAll(layoutChunk)) {
    const [form] = match
    const after = match.index + form.length
    // Go accepts a fraction after the seconds even where the layout has none.
    const bareSeconds = /^0?5$/.test(form) && !/^[.,][09]/.test(layout.slice(after))
    const fraction = bareSeconds ? '(?:[.,](\\d+))?' : '()'
    pieces.push({
      form,
      pattern: `${literalPattern(layout.slice(last, match.index))}(${chunkPattern(form)})${fraction}`,
    })
    last = after
  }
  return { pieces, end: literalPattern(layout.slice(last)) }
}

/** Reads a text written in a Go layout. Throws FunctionFailure with Go's text; ranges are checked. */
export function parseTime(layout: string, text: string): TimeParts {
  if (layout.length > longestLayout) throw new FunctionFailure('parsing time: the layout is too long')
  const { pieces, end } = layoutPatterns(layout)
  const found = new RegExp(`^${pieces.map(({ pattern }) => pattern).join('')}${end}$`, 'i').exec(text)
  if (!found) throw cannotParse(layout, text, pieces)
  const reading = new Reading(layout, text)
  pieces.forEach(({ form }, index) => {
    reading.take(form, found[1 + index * 2] ?? '')
    reading.takeFraction(found[2 + index * 2] ?? '')
  })
  return reading.parts()
}

function literalPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ +/g, ' *')
}

/** Names the first piece of the layout the text does not fit. */
function cannotParse(layout: string, text: string, pieces: LayoutPatterns['pieces']): FunctionFailure {
  let pattern = '^'
  let read = 0
  for (const piece of pieces) {
    pattern += piece.pattern
    const match = new RegExp(pattern, 'i').exec(text)
    if (!match) {
      const rest = quote(text.slice(read))
      return new FunctionFailure(
        `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${rest} as ${quote(piece.form)}`,
      )
    }
    read = match[0].length
  }
  return new FunctionFailure(`parsing time ${quote(text)}: extra text: ${quote(text.slice(read))}`)
}

/** Collects what the pieces of a layout said. */
class Reading {
  private readonly layout: string
  private readonly text: string
  private readonly time: TimeParts = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    offset: 0,
    zone: 'UTC',
  }
  private afternoon: boolean | undefined

  constructor(layout: string, text: string) {
    this.layout = layout
    this.text = text
  }

  takeFraction(digits: string): void {
    if (digits) this.time.nanoseconds = Number(digits.slice(0, 9).padEnd(9, '0'))
  }

  take(form: string, text: string): void {
    const { time } = this
    const number = Number(text)
    if (form === 'January' || form === 'Jan') {
      const prefix = text.slice(0, 3).toLowerCase()
      time.month = monthNames.findIndex((name) => name.toLowerCase().startsWith(prefix)) + 1
    } else if (form === '1' || form === '01') time.month = number
    else if (/^_?2$|^02$/.test(form)) time.day = number
    else if (form === '002' || form === '__2') {
      time.month = 1
      time.day = number
    } else if (/^(15|3|03)$/.test(form)) time.hour = number
    else if (/^0?4$/.test(form)) time.minute = number
    else if (/^0?5$/.test(form)) time.second = number
    else if (form === '2006') time.year = number
    else if (form === '06') time.year = number + (number >= 69 ? 1900 : 2000)
    else if (/^pm$/i.test(form)) this.afternoon = /^p/i.test(text)
    else if (/^[.,]/.test(form)) this.takeFraction(text.slice(1))
    else if (form === 'MST') time.zone = text
    else if (/^[Z-]/.test(form)) this.takeOffset(text)
  }

  private takeOffset(text: string): void {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^([+-])(\d{2}):?(\d{2})?:?(\d{2})?$/.exec(text) ?? []
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    this.time.offset = sign === '-' ? -size : size
    this.time.zone = this.time.offset === 0 ? 'UTC' : ''
  }

  parts(): TimeParts {
    const { time } = this
    if (this.afternoon !== undefined) time.hour = (time.hour % 12) + (this.afternoon ? 12 : 0)
    const lastDay = new Date(Date.UTC(2000 + (time.year % 400), time.month, 0)).getUTCDate()
    const byYear = /002|__2/.test(this.layout)
    const fail = (problem: string) => new FunctionFailure(`parsing time ${quote(this.text)}: ${problem} out of range`)
    if (time.month < 1 || time.month > 12) throw fail('month')
    if (time.day < 1 || time.day > (byYear ? 366 : lastDay)) throw fail('day')
    if (time.hour > 23) throw fail('hour')
    if (time.minute > 59) throw fail('minute')
    if (time.second > 59) throw fail('second')
    return time
  }
}
