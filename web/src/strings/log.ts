import { inLanguage } from './language.ts'

/** The log of an operation. */
export const log = inLanguage({
  en: {
    label: 'Log',
    search: 'Search the log',
    follow: 'follow',
    none: 'No lines yet.',
    noMatch: 'No line has this.',
    matches: (found: number, all: number) => `${found.toLocaleString('en')} of ${all.toLocaleString('en')} lines`,
    lines: (all: number) => `${all.toLocaleString('en')} lines`,
    older: 'Older lines are left out here. In a terminal, wild-cli operation logs has all of them.',
  },
})
