import { count, inLanguage } from './language.ts'

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
    unfinished: 'It was never finished and cannot be restored.',
    rows: (number: number) => count(number, 'row'),
    files: (number: number) => count(number, 'file'),
    reasons: {
      manual: 'asked for',
      schedule: 'on schedule',
      update: 'before an update',
      restore: 'before a restore',
    } as Record<string, string>,
    restore: 'Restore',
    verify: 'Verify',
    restoreTitle: (app: string) => `Restore ${app}?`,
    restoreLines: ['The data is brought back beside the present one and proven first; the present data goes last.'],
    restoreParts: {
      all: ['Everything', 'Database, volumes, settings, secrets and files.'],
      database: ['Only the database', 'Volumes stay as they are.'],
      volumes: ['Only the volumes', 'The database stays as it is.'],
    } as Record<'all' | 'database' | 'volumes', [string, string]>,
    restoreWhat: 'What is restored',
    otherVersion: (made: string, now: string) =>
      `It was made with version ${made}; ${now} is here now. Restore it all the same.`,
    keep: 'Keep it as it is',
  },
})
