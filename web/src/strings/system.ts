import { inLanguage } from './language.ts'
import { door } from './words.ts'

/** The daemon and the device it runs on. */
export const system = inLanguage({
  en: {
    title: 'System',
    about: 'This daemon, the device it runs on, and what was done with it.',
    explorer: 'API explorer',
    views: { device: 'Device', log: 'Log', audit: 'Who did what', settings: 'Settings' },
    version: 'Version',
    upFor: 'Up for',
    node: 'Node',
    data: 'Data',
    mirror: 'Mirror in use',
    written: 'Written to disk since its start',
    load: 'Load in the last minute',
    tools: 'Programs it uses',
    level: 'Show',
    levels: { debug: 'everything', info: 'what happens', warn: 'warnings', error: 'errors' },
    logSearch: 'Search the log',
    logRequests: 'each request',
    logEmpty: 'No lines of this kind yet.',
    auditEmpty: 'Nothing was changed yet',
    auditEmptyAbout: 'Every change, and every secret somebody looked at, will be listed here.',
    through: (via: string) => `through ${door(via)}`,
    refused: (code: string) => `refused: ${code}`,
    save: 'Save',
    reset: 'Default',
    saved: (key: string) => `${key} is set.`,
    usual: (value: number) => `Default: ${value}.`,
    versions: 'Versions of central.yaml',
    restored: (version: number) => `Version ${version} is back.`,
    same: 'The file says this already.',
    goBack: 'Go back',
    goBackTo: (version: number) => `Go back to version ${version}?`,
    goBackAbout: 'The settings say again what they said then. DNS and the chosen instance stay as they are now.',
  },
})
