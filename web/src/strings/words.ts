import { inLanguage } from './language.ts'

/** Words that the daemon uses for how things are, such as `not_ready`: as the reader's language has them. */
const words = inLanguage<Record<string, string>>({ en: {} })

/** A word of the daemon as it is shown. */
export function word(value: string): string {
  return words[value] ?? value.replaceAll('_', ' ')
}

/** How somebody asked: through which of the doors, or with an editor. */
const doors = inLanguage<Record<string, string>>({
  en: { web: 'the browser', cli: 'the command line', api: 'the API', file: 'an editor' },
})

/** A door of the daemon as it is shown: what asks by itself is the daemon. */
export function door(value: string): string {
  return doors[value] ?? 'the daemon'
}
