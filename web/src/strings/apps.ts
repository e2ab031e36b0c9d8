import { count, inLanguage } from './language.ts'

/** The catalog, and the settings of an app. */
export const apps = inLanguage({
  en: {
    title: 'Apps',
    about: 'What this cloud is for.',
    noApps: 'No apps yet',
    noAppsAbout: 'Choose one below: its page says what it needs before anything is changed.',
    catalog: 'Catalog',
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
