import { count, inLanguage } from './language.ts'

/** How a cloud is, at a glance. */
export const overview = inLanguage({
  en: {
    well: 'All is well',
    wellAbout: (nodes: number, apps: number) =>
      `${count(nodes, 'machine')} and ${count(apps, 'app')} do what they should.`,
    needsYou: (number: number) => (number === 1 ? 'One thing needs you' : `${number} things need you`),
    notYet: 'Not finished yet',
    machines: 'Machines',
    controlPlanes: 'Control planes',
    workers: 'Workers',
    vip: 'cluster address',
    noMachines: 'No machines yet.',
    health: 'Health, the last day',
    healthAt: (time: string, words: string) => `${time}: ${words}`,
    healthWords: {
      passing: 'well',
      warning: 'something to look at',
      failing: 'something did not work',
      unknown: 'not looked at',
    },
    now: 'now',
    dayAgo: '24 hours ago',
    apps: 'Apps',
    addApp: 'Add an app',
    noApps: 'No apps yet.',
    open: (app: string) => `Open ${app}`,
    operations: 'Latest operations',
    noOperations: 'Nothing has run yet.',
    allOperations: 'All operations',
    device: 'This device',
    memory: 'Memory',
    disk: 'Disk',
    load: 'Load',
    used: (used: string, all: string) => `${used} of ${all}`,
    nodeIs: (node: string, status: string) => `${node} is ${status}`,
    appIs: (app: string, status: string) => `${app} is ${status}`,
    operationFailed: (title: string) => `${title} did not complete`,
  },
})
