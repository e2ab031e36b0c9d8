import { FunctionFailure } from './errors.ts'
import { fixed } from './functions/declare.ts'
import type { GoObject, Member, Value } from './values.ts'

const units: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/** A span of time in nanoseconds, with Go's printing and methods. */
export class GoDuration implements GoObject {
  readonly goType = 'time.Duration'
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }

  /** Reads 1h30m, 1.5s, 300ms. Throws FunctionFailure with Go's text. */
  static parse(text: string): GoDuration {
    if (text === '0') return new GoDuration(0n)
    const body = text.replace(/^[+-]/, '')
    if (body.length > 200 || !/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) {
      const problem = /^(\d+\.?\d*|\.\d+)$/.test(body) ? 'missing unit in' : 'invalid'
      throw new FunctionFailure(`time: ${problem} duration ${JSON.stringify(text)}`)
    }
    let total = 0n
    for (const [, whole = '', fraction = '', unit = 'ns'] of body.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
      const size = units[unit] ?? 1n
      total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length)
    }
    return new GoDuration(text.startsWith('-') ? -total : total)
  }

  toString(): string {
    const size = this.nanoseconds < 0n ? -this.nanoseconds : this.nanoseconds
    const sign = this.nanoseconds < 0n ? '-' : ''
    if (size === 0n) return '0s'
    if (size < 1_000n) return `${sign}${size}ns`
    if (size < 1_000_000n) return `${sign}${inUnit(size, 1_000n)}µs`
    if (size < 1_000_000_000n) return `${sign}${inUnit(size, 1_000_000n)}ms`
    const seconds = `${inUnit(size % 60_000_000_000n, 1_000_000_000n)}s`
    const minutes = size / 60_000_000_000n
    if (minutes === 0n) return sign + seconds
    return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
  }

  member(name: string): Member | undefined {
    const answer = (value: Value): Member => ({ method: fixed([], () => value) })
    switch (name) {
      case 'Hours':
        return answer(Number(this.nanoseconds) / 3.6e12)
      case 'Minutes':
        return answer(Number(this.nanoseconds) / 6e10)
      case 'Seconds':
        return answer(Number(this.nanoseconds) / 1e9)
      case 'Milliseconds':
        return answer(this.nanoseconds / 1_000_000n)
      case 'Microseconds':
        return answer(this.nanoseconds / 1_000n)
      case 'Nanoseconds':
        return answer(this.nanoseconds)
      case 'String':
        return answer(this.toString())
      case 'Round':
      case 'Truncate':
        return { method: fixed(['any'], (unit) => this.cut(durationOf(unit).nanoseconds, name === 'Round')) }
    }
    return undefined
  }

  private cut(unit: bigint, rounds: boolean): GoDuration {
    if (unit <= 0n) return this
    const rest = this.nanoseconds % unit
    const size = rest < 0n ? -rest : rest
    const away = rounds && size * 2n >= unit ? (rest < 0n ? -unit : unit) : 0n
    return new GoDuration(this.nanoseconds - rest + away)
  }
}

function inUnit(value: bigint, unit: bigint): string {
  const digits = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '')
  return digits ? `${value / unit}.${digits}` : `${value / unit}`
}

/** The duration a value is. Throws FunctionFailure for anything else. */
export function durationOf(value: Value): GoDuration {
  if (value instanceof GoDuration) return value
  throw new FunctionFailure('wrong type for value; expected time.Duration')
}
