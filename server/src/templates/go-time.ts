import { FunctionFailure } from './errors.ts'
import { fixed } from './functions/declare.ts'
import { durationOf, GoDuration } from './go-duration.ts'
import { dayNames, formatTime, monthNames, type TimeParts, weekday } from './time-layout.ts'
import { parseTime } from './time-parse.ts'
import type { GoFunction, GoObject, Member, Value } from './values.ts'

const secondNanos = 1_000_000_000n

/** A month or a day of the week: prints as its name. */
class NamedNumber implements GoObject {
  readonly goType: string
  private readonly name: string

  constructor(goType: string, name: string) {
    this.goType = goType
    this.name = name
  }

  toString(): string {
    return this.name
  }

  member(name: string): Member | undefined {
    return name === 'String' ? { method: fixed([], () => this.name) } : undefined
  }
}

/** A moment with a zone, with Go's printing and the methods templates use. */
export class GoTime implements GoObject {
  readonly goType = 'time.Time'
  /** Nanoseconds since 1970 in UTC. */
  readonly epoch: bigint
  private readonly offset: number
  private readonly zone: string

  constructor(epoch: bigint, offset = 0, zone = 'UTC') {
    this.epoch = epoch
    this.offset = offset
    this.zone = zone
  }

  static fromDate(date: Date): GoTime {
    return new GoTime(BigInt(date.getTime()) * 1_000_000n)
  }

  /** Missing parts count as zero. */
  static fromParts(parts: Partial<TimeParts>): GoTime {
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, nanoseconds = 0, offset = 0 } = parts
    const date = new Date(0)
    date.setUTCFullYear(year, month - 1, day)
    date.setUTCHours(hour, minute, second)
    const seconds = BigInt(Math.floor(date.getTime() / 1000)) - BigInt(offset)
    return new GoTime(seconds * secondNanos + BigInt(nanoseconds), offset, parts.zone ?? 'UTC')
  }

  /** Reads a text in a Go layout. Throws FunctionFailure. */
  static parse(layout: string, text: string): GoTime {
    return GoTime.fromParts(parseTime(layout, text))
  }

  /** The same moment shown in UTC. */
  utc(): GoTime {
    return new GoTime(this.epoch)
  }

  /** Calendar and clock in this time's zone. */
  parts(): TimeParts {
    const local = this.epoch + BigInt(this.offset) * secondNanos
    const nanoseconds = ((local % secondNanos) + secondNanos) % secondNanos
    const date = new Date(Number((local - nanoseconds) / 1_000_000n))
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      nanoseconds: Number(nanoseconds),
      offset: this.offset,
      zone: this.zone,
    }
  }

  format(layout: string): string {
    return formatTime(layout, this.parts())
  }

  toString(): string {
    return this.format('2006-01-02 15:04:05.999999999 -0700 MST')
  }

  /** Time as JSON and YAML write it. */
  toRfc3339(): string {
    return this.format('2006-01-02T15:04:05.999999999Z07:00')
  }

  member(name: string): Member | undefined {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    return method ? { method: method(this) } : undefined
  }

  private at(epoch: bigint): GoTime {
    return new GoTime(epoch, this.offset, this.zone)
  }

  add(nanoseconds: bigint): GoTime {
    return this.at(this.epoch + nanoseconds)
  }

  addDate(years: bigint, months: bigint, days: bigint): GoTime {
    const parts = this.parts()
    return GoTime.fromParts({
      ...parts,
      year: parts.year + Number(years),
      month: parts.month + Number(months),
      day: parts.day + Number(days),
    })
  }
}

/** The time a value is. Throws FunctionFailure for anything else. */
export function timeOf(value: Value): GoTime {
  if (value instanceof GoTime) return value
  throw new FunctionFailure('wrong type for value; expected time.Time')
}

const part = (pick: (parts: TimeParts) => number) => (time: GoTime) => fixed([], () => BigInt(pick(time.parts())))
const answer = (pick: (time: GoTime) => Value) => (time: GoTime) => fixed([], () => pick(time))
const compare = (test: (a: bigint, b: bigint) => boolean) => (time: GoTime) =>
  fixed(['any'], (other) => test(time.epoch, timeOf(other).epoch))

const methods: Record<string, (time: GoTime) => GoFunction> = {
  Format: (time) => fixed(['string'], (layout) => time.format(layout)),
  String: answer((time) => time.toString()),
  Year: part((parts) => parts.year),
  Month: answer((time) => new NamedNumber('time.Month', monthNames[time.parts().month - 1] ?? '')),
  Day: part((parts) => parts.day),
  Hour: part((parts) => parts.hour),
  Minute: part((parts) => parts.minute),
  Second: part((parts) => parts.second),
  Nanosecond: part((parts) => parts.nanoseconds),
  Weekday: answer((time) => new NamedNumber('time.Weekday', dayNames[weekday(time.parts())] ?? '')),
  YearDay: answer((time) => BigInt(time.format('002'))),
  Unix: answer((time) => (time.epoch - (((time.epoch % secondNanos) + secondNanos) % secondNanos)) / secondNanos),
  UnixMilli: answer((time) => time.epoch / 1_000_000n),
  UnixMicro: answer((time) => time.epoch / 1_000n),
  UnixNano: answer((time) => time.epoch),
  UTC: answer((time) => time.utc()),
  Local: answer((time) => time.utc()),
  IsZero: answer((time) => time.epoch === -62_135_596_800n * secondNanos),
  Add: (time) => fixed(['any'], (span) => time.add(durationOf(span).nanoseconds)),
  AddDate: (time) => fixed(['int', 'int', 'int'], (years, months, days) => time.addDate(years, months, days)),
  Sub: (time) => fixed(['any'], (other) => new GoDuration(time.epoch - timeOf(other).epoch)),
  Before: compare((a, b) => a < b),
  After: compare((a, b) => a > b),
  Equal: compare((a, b) => a === b),
}
