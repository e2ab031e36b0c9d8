import { inLanguage } from './language.ts'

/** The steps of an operation. */
export const stepsText = inLanguage({
  en: {
    label: 'Steps',
    preparing: 'Preparing…',
    skipped: (why: string | null) => (why ? `already done: ${why}` : 'already done'),
    blocked: 'not started',
    attempt: (number: number) => `try ${number}`,
    running: 'Running now',
  },
})
