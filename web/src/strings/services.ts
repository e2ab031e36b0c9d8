import { inLanguage } from './language.ts'

/** All services of an instance. */
export const servicesText = inLanguage({
  en: {
    title: 'Services',
    about: 'What turns a bare cluster into a place to live: addresses, names, certificates, storage.',
    installAll: 'Install all',
    pods: (healthy: number, all: number) => `${healthy} of ${all} pods ready`,
    needs: (names: readonly string[]) => `needs ${names.join(', ')}`,
    install: 'Install',
    installIt: (service: string) => `Install ${service}`,
    onRequest: 'Only installed when you ask for it here.',
    lacks: (what: readonly string[]) => `Cannot be installed yet. Missing: ${what.join(', ')}.`,
    give: 'Give it',
    healthOf: 'Health of services',
    health: 'Health',
    healthAbout: 'Looks at addresses, certificates, storage and names, and says what to do.',
    check: 'Check health',
    checking: 'Looking…',
    checksOf: (service: string) => `Checks of ${service}`,
    dashboardToken: 'Copy dashboard token',
  },
})
