import { inLanguage } from './language.ts'

/** The secrets of an instance: which there are, and what can be done with them. */
export const secretsText = inLanguage({
  en: {
    title: 'Secrets',
    about:
      'Passwords, keys and tokens of this cloud. They lie on this device alone, readable by Wild Central only, and are shown when you ask and say why.',
    none: 'None yet.',
    noneAbout: 'Setting up nodes and adding apps makes those they need.',
    path: 'Path',
    kind: 'Kind',
    of: 'Of',
    kindOf: ({ kind, set, optional }: { kind: string; set: boolean; optional: boolean }) =>
      set ? kind : `${kind}, not set${optional ? ' (optional)' : ''}`,
    set: 'Set',
    setIt: (path: string) => `Set ${path}`,
    reveal: 'Reveal',
    revealIt: (path: string) => `Reveal ${path}`,
    delete: 'Delete',
    deleteIt: (path: string) => `Delete ${path}`,
    hide: 'Hide',
    isSet: 'Secret set.',
    sameAlready: 'It had this value already.',
    deleted: 'Secret deleted.',
    replaceTitle: 'Replace this secret?',
    replaceLines: (path: string) => [`${path} gets a new random value.`, 'The old one is kept in the history only.'],
    replace: 'Replace',
    deleteTitle: 'Delete this secret?',
    deleteLines: (path: string) => [`${path} will be gone. What uses it stops working when it is deployed again.`],
    why: (path: string) => `Why do you need to see ${path}?`,
    whyHelp: 'Noted in the audit log with the time; the value is not.',
    show: 'Show the value',
    notNow: 'Not now',
    change: 'Set or make a secret',
    value: 'Value',
    orRandom: 'or make a random one:',
    length: 'Length',
    characters: 'Characters',
    generate: 'Generate',
  },
})
