import { backups as texts } from '../../strings/backups.ts'

interface Told {
  at: string | null
  everyHours: number | null
  only: readonly (keyof typeof texts.parts)[]
  nextRun: string | null
}

/** Pure: "By itself every day at 03:30: settings and keys, apps. Next: …" */
export function scheduleText({ at, everyHours, only, nextRun }: Told): string {
  const when = everyHours === null ? texts.at(at ?? '') : texts.every(everyHours)
  const what = only.map((part) => texts.parts[part]).join(', ')
  return [texts.bySchedule(when, what), nextRun ? texts.next(new Date(nextRun).toLocaleString()) : '']
    .filter(Boolean)
    .join(' ')
}

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A passphrase nobody can guess, in groups that can be written down: 24 letters and digits, about 119 bits. */
export function newPassphrase(): string {
  const bytes = new Uint32Array(24)
  crypto.getRandomValues(bytes)
  const text = Array.from(bytes, (number) => letters[number % letters.length]).join('')
  return text.match(/.{4}/g)!.join('-')
}
