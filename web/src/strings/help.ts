import { count, inLanguage } from './language.ts'

/** Help: the documentation that comes with this version. The documents themselves are in docs/. */
export const help = inLanguage({
  en: {
    title: 'Help',
    about: 'What Wild Central does and how. It comes with this version and needs no internet.',
    search: 'Search in help',
    found: (number: number) => (number ? count(number, 'place') : 'Nothing holds these words.'),
    results: 'Where it is written',
    documents: 'Documents',
    onPage: 'On this page',
    copy: 'Copy',
    all: 'All help',
    missing: 'There is no help of this name',
    missingAbout: 'It may be called otherwise in this version.',
    inRepository: 'in the source of Wild Central',
  },
})
