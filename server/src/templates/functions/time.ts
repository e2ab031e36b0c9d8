import { FunctionFailure } from '../errors.ts'
import { GoDuration } from '../go-duration.ts'
import { GoTime, timeOf } from '../go-time.ts'
import type { Value } from '../values.ts'
import { toInteger, toText } from './conv-values.ts'
import { type FunctionModule, fixed } from './declare.ts'

/** The layouts Go names, reached as `time.RFC3339`. */
const layouts: Record<string, string> = {
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
  Kitchen: '3:04PM',
  Stamp: 'Jan _2 15:04:05',
  StampMilli: 'Jan _2 15:04:05.000',
  StampMicro: 'Jan _2 15:04:05.000000',
  StampNano: 'Jan _2 15:04:05.000000000',
}

function unix(value: Value): GoTime {
  if (typeof value === 'number') {
    throw new FunctionFailure(`can not parse floating point number (${value.toFixed(6)}) - use a string instead`)
  }
  const [whole = '0', fraction = '', ...more] = toText(value ?? 0n).split('.')
  if (more.length > 0)
    throw new FunctionFailure(`can not parse '${toText(value)}' as a number - too many decimal points`)
  return new GoTime(toInteger(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9)))
}

function parseIn(layout: string, zone: string, value: Value): GoTime {
  if (/^(UTC|Local|)$/.test(zone)) return GoTime.parse(layout, toText(value))
  const wall = GoTime.parse(layout, toText(value))
  const offset = zoneOffset(zone, wall)
  const name = zoneName(zone, wall)
  return new GoTime(wall.epoch - BigInt(offset) * 1_000_000_000n, offset, name)
}

function zoneParts(zone: string, time: GoTime, style: 'longOffset' | 'short'): string {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: style })
    const parts = format.formatToParts(new Date(Number(time.epoch / 1_000_000n)))
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  } catch {
    throw new FunctionFailure(`unknown time zone ${zone}`)
  }
}

/** Seconds east of UTC at that moment. */
function zoneOffset(zone: string, time: GoTime): number {
  const [, sign, hours = '0', minutes = '0'] =
    /GMT([+-])(\d{2}):(\d{2})/.exec(zoneParts(zone, time, 'longOffset')) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}

function zoneName(zone: string, time: GoTime): string {
  const name = zoneParts(zone, time, 'short')
  return /^[A-Z]{3,5}$/.test(name) ? name : ''
}

function now(): GoTime {
  return GoTime.fromDate(new Date())
}

const span = (unit: bigint) => fixed(['any'], (count) => new GoDuration(unit * toInteger(count)))

/** Times and durations. There is no local zone: what gomplate shows in local time is shown in UTC. */
export const time: FunctionModule = {
  name: 'time',
  functions: {
    Now: fixed([], now),
    Parse: fixed(['string', 'any'], (layout, value) => GoTime.parse(layout, toText(value))),
    ParseLocal: fixed(['string', 'any'], (layout, value) => GoTime.parse(layout, toText(value))),
    ParseInLocation: fixed(['string', 'string', 'any'], parseIn),
    Unix: fixed(['any'], unix),
    ZoneName: fixed([], () => 'UTC'),
    ZoneOffset: fixed([], () => 0n),
    Nanosecond: span(1n),
    Microsecond: span(1_000n),
    Millisecond: span(1_000_000n),
    Second: span(1_000_000_000n),
    Minute: span(60_000_000_000n),
    Hour: span(3_600_000_000_000n),
    ParseDuration: fixed(['any'], (text) => GoDuration.parse(toText(text))),
    Since: fixed(['any'], (past) => new GoDuration(now().epoch - timeOf(past).epoch)),
    Until: fixed(['any'], (future) => new GoDuration(timeOf(future).epoch - now().epoch)),
    ...Object.fromEntries(Object.entries(layouts).map(([name, layout]) => [name, fixed([], () => layout)])),
  },
}
