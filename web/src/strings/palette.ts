import { inLanguage } from './language.ts'

/** The command palette. */
export const palette = inLanguage({
  en: {
    label: 'Go anywhere',
    placeholder: 'A page, machine, app, operation, a word of the help…',
    none: 'Nothing is called like that.',
    results: 'Results',
    kinds: {
      page: 'Page',
      instance: 'Instance',
      node: 'Machine',
      service: 'Service',
      app: 'App',
      catalog: 'In the catalog',
      operation: 'Operation',
      action: 'Do',
      help: 'Help',
    },
    actions: {
      create: 'Create an instance',
      discover: 'Look for machines',
      install: 'Install all services',
      bootstrap: 'Bootstrap the cluster',
      goOn: 'Go on with the set-up',
    },
    help: '↑ ↓ to choose · Enter to open · Esc to close',
  },
})
