import { inLanguage } from './language.ts'

/** What is asked before something is changed or lost. */
export const confirmText = inLanguage({
  en: {
    type: 'To go on, type',
    no: 'Not now',
  },
})
