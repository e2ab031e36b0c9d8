import { inLanguage } from './language.ts'

/** The page of an app. */
export const appPage = inLanguage({
  en: {
    updateThere: 'update available',
    back: 'All apps',
    nothing: 'nothing',
    tabs: {
      overview: 'Overview',
      settings: 'Settings',
      log: 'Log',
      events: 'Events',
      doctor: 'Doctor',
      backups: 'Backups',
      drift: 'Changed by hand',
    },
    tabsLabel: 'Views of this app',
    deploy: 'Deploy',
    deployAgain: 'Deploy again',
    backUp: 'Back up now',
    lastBackup: 'Last backup',
    never: 'never',
    dependencies: 'Needs',
    noBackups: 'No backups of this app yet',
    noBackupsAbout: 'Back it up now: its data, settings, secrets and files, as one piece.',
    restore: 'Restore',
    restoreTitle: (app: string) => `Restore ${app}?`,
    restoreWhat: 'What is restored',
    restoreParts: {
      all: { title: 'Everything', about: 'Database, volumes, settings, secrets and files.' },
      database: { title: 'Only the database', about: 'Volumes stay as they are.' },
      volumes: { title: 'Only the volumes', about: 'The database stays as it is.' },
    },
    restoreAllData: { title: 'All of its data', about: 'Database and volumes.' },
    restoreWhere: 'Where to',
    restoreInPlace: {
      title: 'In its place',
      about: 'The data is brought back beside the present one and proven first; the present data goes last.',
    },
    restoreBeside: {
      title: 'Beside it, to be looked at',
      about: 'Only the data, in a namespace of its own. The app goes on and is not touched.',
    },
    besideName: 'Namespace for the data',
    otherVersion: (made: string, now: string) =>
      `It was made with version ${made}; ${now} is here now. Restore it all the same.`,
    keep: 'Keep it as it is',
    delete: 'Delete',
    deleteTitle: (app: string) => `Delete ${app}?`,
    deleteLines: ['It stops and can no longer be reached.'],
    deleteKeep: 'Keep it',
    deleteData: 'Delete its data too',
    deleteDataYes: 'Its volumes and secrets cannot be brought back.',
    deleteDataNo: 'Its volumes, secrets and settings stay; adding it again finds them.',
  },
})
