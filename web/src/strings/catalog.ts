import { count, inLanguage } from './language.ts'

/** The page of an app in the catalog, before it is added. */
export const catalogPage = inLanguage({
  en: {
    back: 'All apps',
    there: (app: string) => `${app} is here already.`,
    open: 'Go to it',
    needs: 'What it needs',
    processor: 'Processor',
    memory: 'Memory',
    storage: 'Storage',
    cores: (number: number) => count(Number(number.toFixed(2)), 'core'),
    nothing: 'none',
    together: (names: string) => `With ${names}, which it brings along.`,
    dependencies: 'Other apps',
    isThere: 'is here',
    comesToo: 'is added too',
    settings: 'Settings',
    settingsAbout: 'As they would be. Change what you like; you can do so later, too.',
    noSettings: 'It has none.',
    isSet: 'there already',
    give: (path: string) => `Value of ${path}`,
    wanted: 'It does not start without this one.',
    writes: 'What adding it writes',
    writesAbout: 'Only files of this device. Nothing is started.',
    writesCount: (settings: number, secrets: number, files: number) =>
      [count(settings, 'setting'), count(secrets, 'secret'), count(files, 'file')].join(', '),
    looking: 'Looking at what there is, and what is missing…',
    writesNothing: 'Nothing: all of it is there.',
    changes: 'What deploying it does to the cluster',
    add: 'Add',
    addAndDeploy: 'Add and deploy',
    addAbout: 'Adding writes settings and files; deploying starts it.',
    bringQuestion: (app: string, others: string) => `Add ${app} with ${others}?`,
    bringLine: (app: string, other: string) =>
      `${app} needs ${other}, which is not here yet: it is added and deployed first.`,
    bring: 'Add and deploy them',
  },
})
