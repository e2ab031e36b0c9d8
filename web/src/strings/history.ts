import { inLanguage } from './language.ts'
import { door } from './words.ts'

/** Every state config.yaml was in, and the way back. */
export const historyText = inLanguage({
  en: {
    title: 'History',
    about: 'Every state config.yaml was in, the newest first. Going back makes a new version; nothing is lost by it.',
    goBack: 'Go back',
    goBackTo: (version: number) => `Go back to version ${version}?`,
    goBackLines: (version: number) => [
      `config.yaml will say again what it said in version ${version}.`,
      'What it says now stays in the history.',
    ],
    isBack: (version: number) => `Version ${version} is back.`,
    sameAlready: 'The file says this already.',
    same: 'It says the same as now.',
    changed: (when: string, via: string) => `${when} through ${door(via)}`,
    now: 'as it is now',
    compare: 'Compare',
    hide: 'Hide',
    all: (number: number) => `All ${number} versions`,
  },
})
