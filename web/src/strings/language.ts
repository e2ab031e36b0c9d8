/** Languages the web app speaks. A new one: its code here, then its texts in every file of this folder; what lacks is a type error. */
const languages = ['en'] as const

type Language = (typeof languages)[number]

/** The first language of the reader that there is; English otherwise. */
export const language: Language =
  (typeof navigator === 'undefined' ? [] : navigator.languages)
    .map((wanted) => languages.find((known) => wanted.toLowerCase().split('-')[0] === known))
    .find((known) => known !== undefined) ?? 'en'

/** Texts of one part of the app in the reader's language. Sentences with numbers or names in them are functions. */
export function inLanguage<Texts>(texts: Record<Language, Texts>): Texts {
  return texts[language]
}

/** "1 node", "3 nodes". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
