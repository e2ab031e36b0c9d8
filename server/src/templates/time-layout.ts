/** A moment as calendar and clock show it. Month counts from 1; offset is in seconds east of UTC. */
export interface TimeParts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  nanoseconds: number
  offset: number
  /** The zone's abbreviation; empty when only the offset is known. */
  zone: string
}

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The pieces of the reference time that mean something in a layout. */
export const layoutChunk =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|2006|__2|_2(?!006)|002|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|[12345]/g

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function offsetText(offset: number, form: string): string {
  if (offset === 0 && form.startsWith('Z')) return 'Z'
  const size = Math.abs(offset)
  const colon = form.includes(':') ? ':' : ''
  const hours = (offset < 0 ? '-' : '+') + two(Math.floor(size / 3600))
  const digits = form.replace(/[^0-9]/g, '').length
  if (digits === 2) return hours
  const minutes = `${hours}${colon}${two(Math.floor(size / 60) % 60)}`
  return digits === 4 ? minutes : `${minutes}${colon}${two(size % 60)}`
}

function fractionText(nanoseconds: number, form: string): string {
  const digits = String(nanoseconds)
    .padStart(9, '0')
    .slice(0, form.length - 1)
    .padEnd(form.length - 1, '0')
  if (form[1] === '0') return form[0] + digits
  const short = digits.replace(/0+$/, '')
  return short ? form[0] + short : ''
}

function dayOfYear(time: TimeParts): number {
  return (
    Math.floor(
      (Date.UTC(2000 + (time.year % 400), time.month - 1, time.day) - Date.UTC(2000 + (time.year % 400), 0, 1)) /
        86_400_000,
    ) + 1
  )
}

/** The day of the week, 0 for Sunday. */
export function weekday(time: TimeParts): number {
  return new Date(Date.UTC(2000 + (time.year % 400), time.month - 1, time.day)).getUTCDay()
}

function chunkText(form: string, time: TimeParts): string {
  const hour12 = time.hour % 12 || 12
  switch (form) {
    case 'January':
      return monthNames[time.month - 1] ?? ''
    case 'Jan':
      return (monthNames[time.month - 1] ?? '').slice(0, 3)
    case '1':
      return String(time.month)
    case '01':
      return two(time.month)
    case 'Monday':
      return dayNames[weekday(time)] ?? ''
    case 'Mon':
      return (dayNames[weekday(time)] ?? '').slice(0, 3)
    case '2':
      return String(time.day)
    case '_2':
      return String(time.day).padStart(2)
    case '02':
      return two(time.day)
    case '__2':
      return String(dayOfYear(time)).padStart(3)
    case '002':
      return String(dayOfYear(time)).padStart(3, '0')
    case '15':
      return two(time.hour)
    case '3':
      return String(hour12)
    case '03':
      return two(hour12)
    case '4':
      return String(time.minute)
    case '04':
      return two(time.minute)
    case '5':
      return String(time.second)
    case '05':
      return two(time.second)
    case '2006':
      return String(time.year).padStart(4, '0')
    case '06':
      return two(time.year % 100)
    case 'PM':
      return time.hour >= 12 ? 'PM' : 'AM'
    case 'pm':
      return time.hour >= 12 ? 'pm' : 'am'
    case 'MST':
      return time.zone || offsetText(time.offset, '-0700')
  }
  return /^[.,]/.test(form) ? fractionText(time.nanoseconds, form) : offsetText(time.offset, form)
}

/** Writes a time in a Go layout such as `2006-01-02 15:04`. */
export function formatTime(layout: string, time: TimeParts): string {
  return layout.replace(layoutChunk, (form) => chunkText(form, time))
}
