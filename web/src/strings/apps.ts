import { count, inLanguage } from './language.ts'

/** The catalog, and the settings of an app. */
export const apps = inLanguage({
  en: {
    search: 'Search the catalog',
    category: 'Category',
    all: 'All',
    found: (number: number) => `${count(number, 'app')} found`,
    none: 'Nothing found',
    noneHint: 'Try another word, or all categories.',
    allAdded: 'All apps of the catalog are here already.',
    broken: 'cannot be used',
    brings: (names: string) => `Brings ${names} with it`,
    settings: 'Settings',
  },
})
