import { inLanguage } from './language.ts'

/** Words that the daemon uses for how things are, such as `not_ready`: as the reader's language has them. */
const words = inLanguage<Record<string, string>>({ en: {} })

/** A word of the daemon as it is shown. */
export function word(value: string): string {
  return words[value] ?? value.replaceAll('_', ' ')
}
