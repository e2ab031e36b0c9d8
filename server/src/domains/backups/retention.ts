/** How many of the newest days, weeks and months keep their last backup. */
export interface Keep {
  daily: number
  weekly: number
  monthly: number
}

export const usualKeep: Keep = { daily: 7, weekly: 4, monthly: 6 }

interface Dated {
  id: string
  /** ms since 1970. */
  at: number
  /** Whole; what was never finished counts for nothing. */
  good: boolean
}

const dayMs = 24 * 3_600_000

function weekOf(at: number): string {
  // Thursday decides which year a week belongs to (ISO 8601).
  const day = Math.floor(at / dayMs)
  const thursday = new Date((day - ((day + 3) % 7) + 3) * dayMs)
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  return `${thursday.getUTCFullYear()}-${Math.floor((thursday.getTime() - first) / (7 * dayMs))}`
}

const periods: { name: keyof Keep; of(at: number): string }[] = [
  { name: 'daily', of: (at) => new Date(at).toISOString().slice(0, 10) },
  { name: 'weekly', of: weekOf },
  { name: 'monthly', of: (at) => new Date(at).toISOString().slice(0, 7) },
]

/**
 * Ids of what may go, of backups of one thing. Of each of the newest days, weeks and months that have a good one, the
 * last good one stays; so does the newest good one whatever the figures say. What was never finished goes once a newer
 * one is good and it is older than a day.
 */
export function outdated(backups: Dated[], keep: Keep, now: number): string[] {
  const good = backups.filter((one) => one.good).sort((one, other) => other.at - one.at)
  const kept = new Set(good.slice(0, 1).map(({ id }) => id))
  for (const { name, of } of periods) {
    const seen = new Set<string>()
    for (const { id, at } of good) {
      const period = of(at)
      if (seen.has(period) || seen.size >= keep[name]) continue
      seen.add(period)
      kept.add(id)
    }
  }
  const newest = good[0]?.at
  const unfinished = backups.filter(
    ({ good: whole, at }) => !whole && newest !== undefined && newest > at && at < now - dayMs,
  )
  return [...good.filter(({ id }) => !kept.has(id)), ...unfinished].map(({ id }) => id)
}
