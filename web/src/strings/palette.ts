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
      addApp: 'Add an app',
      backUp: 'Back up all, or restore a backup',
      schedule: 'Schedule of backups',
      target: 'Where backups go',
      upgrade: 'Upgrade Talos or Kubernetes',
      access: 'Save kubeconfig or talosconfig',
      history: 'Earlier versions of config.yaml',
      log: 'Log of the daemon',
      audit: 'Who did what',
    },
    viewOf: (thing: string, view: string) => `${thing}: ${view}`,
    help: '↑ ↓ to choose · Enter to open · Esc to close',
  },
})
