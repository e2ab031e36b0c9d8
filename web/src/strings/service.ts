import { inLanguage } from './language.ts'

/** The page of a service. */
export const servicePage = inLanguage({
  en: {
    back: 'All services',
    tabsLabel: 'Views of this service',
    tabs: {
      overview: 'Overview',
      health: 'Health',
      settings: 'Settings',
      log: 'Log',
      events: 'Events',
      drift: 'Changed by hand',
    },
    about: 'What it is for',
    core: 'every cluster has it',
    onRequest: 'only when you ask for it',
    needs: 'Needs',
    needsNothing: 'Nothing but the cluster.',
    neededBy: 'Needed by',
    neededByNothing: 'No other service.',
    install: 'Install',
    installAgain: 'Install again',
    delete: 'Delete',
    notInstalled: 'Not installed yet',
    lacks: 'Before it can be installed, it needs from you:',
    giveHere: 'Give it under Settings',
    giveInConfig: 'Give it on the page Config',
    ready: 'It has everything it needs. "What will happen" shows each step before anything is done.',
    settingsOnly: 'Nothing of it runs in the cluster: apps read its settings.',
    files: 'Files',
    filesAbout:
      'Its templates can be copied into the instance, to be edited there. What you edited is kept when there is a new version.',
    fetch: 'Copy templates…',
    healthAbout: 'Looks at it now, and says what to do about what is not well.',
    look: 'Look again',
    token: 'Copy log-in token',
    tokenCopied: 'The token is on the clipboard. It is good for a day.',
    tokenNotCopied: 'The browser lets nothing be copied here. Take it from: wild-cli service dashboard-token',
    settingsSaved: 'Saved.',
  },
})
