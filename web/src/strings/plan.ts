import { count, inLanguage } from './language.ts'

/** What would happen, before it happens. */
export const planText = inLanguage({
  en: {
    title: 'What will happen',
    titleOf: (what: string) => `What will happen: ${what}`,
    go: 'Go',
    no: 'Cancel',
    looking: 'Looking at what there is, and what is missing…',
    usually: (span: string) => `Usually takes ${span}.`,
    nothing: 'Everything is done already; nothing would change.',
    verdicts: {
      done: 'done already',
      would_run: 'would run',
      unknown: 'not known yet',
      would_fail: 'cannot run',
    },
    steps: (number: number, parts: string) => `${count(number, 'step')}: ${parts}.`,
    differences: 'Differences',
  },
})
