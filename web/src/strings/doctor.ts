import { inLanguage } from './language.ts'

/** The doctor of an app. */
export const doctor = inLanguage({
  en: {
    about: 'Looks at pods, storage, secrets, database, name, certificate and the app itself. It changes nothing.',
    examine: 'Examine',
    looking: 'Looking…',
    never: 'Not examined yet',
    neverAbout: 'When something is odd, an examination finds out which part it is and says what to do.',
    lookedAt: (when: string) => `Looked at ${when}.`,
    operation: 'The whole examination',
  },
})
