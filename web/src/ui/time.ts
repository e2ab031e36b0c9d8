import { language } from '../strings/language.ts'
import { timeText } from '../strings/time.ts'

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

/** "3 minutes ago". */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000)
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  return Math.abs(seconds) < 10 ? timeText.now : relative.format(seconds, 'second')
}

/** "1 m 20 s" between two moments (or until now). */
export function duration(from: string | null | undefined, to: string | null | undefined, now = Date.now()): string {
  if (!from) return ''
  return span(Math.max(0, (to ? Date.parse(to) : now) - Date.parse(from)))
}

/** Milliseconds as "3.2 s", "48 s", "2 m 10 s", "1 h 2 m". */
export function span(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} m`
}

/** What is left of the usual time, in words; nothing when it is not known. */
export function remaining(
  usualMs: number | null | undefined,
  startedAt: string | null | undefined,
  now: number,
): string | undefined {
  if (!usualMs || !startedAt) return undefined
  const left = usualMs - (now - Date.parse(startedAt))
  return left > 0 ? timeText.left(span(usualMs), span(left)) : timeText.longer(span(usualMs))
}

/** 512110190592 → "512 GB". */
export function bytes(size: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = size > 0 ? Math.min(names.length - 1, Math.floor(Math.log10(size) / 3)) : 0
  return `${Math.round(size / 1000 ** power)} ${names[power]}`
}
