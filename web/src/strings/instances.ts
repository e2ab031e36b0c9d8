import { count, inLanguage } from './language.ts'

/** All instances: a new one, one from a file, one from the old scripts, one from the trash. */
export const instancesText = inLanguage({
  en: {
    title: 'Instances',
    about: 'Each instance is one home cloud: its machines, its cluster, its apps.',
    holds: (nodes: number, services: number, apps: number) =>
      [count(nodes, 'node'), count(services, 'service'), count(apps, 'app')].join(' · '),
    report: 'What would become of it',
    adopt: {
      title: 'Adopt a cluster made by hand',
      about:
        'A Talos cluster that already runs becomes an instance. It is only read: nodes, disks and keys are taken over from the machines, and you see what becomes of each before anything is made.',
      name: 'Name of the new instance',
      nameHelp: 'Lower-case letters, digits and “-”.',
      nameExample: 'home',
      talosconfig: 'talosconfig',
      talosconfigHelp: "An administrator's, as talosctl has it in ~/.talos/config. Its current context is used.",
      kubeconfig: 'kubeconfig',
      kubeconfigHelp: "An administrator's, as talosctl kubeconfig writes it. Its current context is used.",
      secrets: 'Secrets bundle (optional)',
      secretsHelp: 'The secrets.yaml of talosctl gen secrets. Without it the keys are read from a control plane.',
      asFile: (label: string) => `${label}: file`,
      asText: (label: string) => `${label}: text`,
      paste: '… or paste its text here',
      look: 'Look at it',
      busy: 'Asking the cluster…',
      go: 'Adopt',
    },
    fromFile: {
      title: 'Import an exported instance',
      file: 'File',
      passphrase: 'Passphrase',
      passphraseHelp: 'The one it was exported with.',
      name: 'New name',
      nameHelp: 'Leave empty to keep the name it had.',
      go: 'Import',
      busy: 'Importing…',
    },
    fromHome: {
      title: 'Import a folder of the old scripts (v.PoC)',
      about:
        'The folder is only read. Settings, secrets, nodes and apps are taken over; you see what becomes of each before anything is made.',
      name: 'Name of the new instance',
      nameHelp: 'Lower-case letters, digits and “-”.',
      nameExample: 'home',
      folder: 'Folder',
      withCluster: 'Its cluster runs: adopt that too',
      withClusterAbout:
        'The machines are asked as well: what each is and which disks it has comes from them. They are only read.',
      look: 'Look at it',
      busy: 'Looking…',
      go: 'Import',
    },
    trash: {
      title: 'Deleted instances',
      deleted: (when: string) => `deleted ${when}`,
      goneAt: (when: string) => `gone for good ${when}`,
      restore: 'Restore',
      restoreIt: (name: string) => `Restore ${name}`,
      isBack: (name: string) => `${name} is back.`,
      remove: 'Remove for good',
      removeIt: (name: string) => `Remove for good: ${name}`,
      removeTitle: (name: string) => `Remove ${name} for good?`,
      removeLines: ['Its config, its secrets and the keys of its cluster are then gone.'],
      otherName: 'Another name',
    },
  },
})
