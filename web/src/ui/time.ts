const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** "3 minutes ago". */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000)
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(seconds, 'second')
}

/** "1 m 20 s" between two moments (or until now). */
export function duration(from: string | null | undefined, to: string | null | undefined, now = Date.now()): string {
  if (!from) return ''
  const seconds = Math.max(0, (to ? Date.parse(to) : now) - Date.parse(from)) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`
}

/** 512110190592 → "512 GB". */
export function bytes(size: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = size > 0 ? Math.min(names.length - 1, Math.floor(Math.log10(size) / 3)) : 0
  return `${Math.round(size / 1000 ** power)} ${names[power]}`
}
