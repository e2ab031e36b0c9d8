const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Bytes as disks are sold: powers of 1000, at most one decimal. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`
}

/** Seconds as a person reads them: `3.2s`, `48s`, `2m 05s`, `1h 02m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`
}

/** How long ago an ISO time was: `40s`, `5m`, `3h`, `12d`; undefined for text that is no time. */
export function formatAge(iso: string | undefined | null, now = Date.now()): string | undefined {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso ?? '')) / 1000))
  if (Number.isNaN(seconds)) return undefined
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** An ISO time as local `2025-10-05 10:30:00`; text that is no time is returned unchanged. */
export function formatTime(iso: string | undefined | null): string | undefined {
  if (!iso) return undefined
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
