import { inLanguage } from './language.ts'

/** Moments and spans of time, in words. */
export const timeText = inLanguage({
  en: {
    now: 'just now',
    left: (usual: string, left: string) => `usually takes ${usual}: about ${left} left`,
    longer: (usual: string) => `longer than the usual ${usual}`,
  },
})
