import { plannedBy } from '../../../operations/change-plan.ts'
import { given } from '../../../platform/given.ts'
import { builder } from '../../../platform/schema-builder.ts'
import type { BackupTarget } from '../service.ts'
import { runParts } from '../settings.ts'
import type { ShownSettings } from '../settings-verbs.ts'

const TargetType = builder.objectRef<BackupTarget>('BackupTarget').implement({
  description: 'Where backups go.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'restic: a repository; archive: encrypted files on this device.' }),
    place: t.exposeString('place', { description: 'Repository or folder.' }),
    problem: t.string({ nullable: true, description: 'Why it cannot be used.', resolve: ({ problem }) => problem }),
  }),
})

/** What a run backs up. */
export const RunPartType = builder.enumType('BackupRunPart', {
  description: 'What a run backs up.',
  values: runParts,
})

const SettingsType = builder.objectRef<ShownSettings>('BackupSettings').implement({
  description: 'Backups the daemon makes by itself, and where those of the device go.',
  fields: (t) => ({
    repository: t.string({
      nullable: true,
      description: 'restic repository of device backups; without one they are files on the device.',
      resolve: ({ repository }) => repository,
    }),
    hasPassphrase: t.exposeBoolean('hasPassphrase', { description: 'Device backups have a passphrase.' }),
    enabled: t.boolean({ description: 'The schedule is on.', resolve: ({ schedule }) => schedule.enabled }),
    at: t.string({
      nullable: true,
      description: 'Time of the day on this device.',
      resolve: ({ schedule }) => schedule.at ?? (schedule.everyHours === undefined ? '03:00' : undefined),
    }),
    everyHours: t.int({
      nullable: true,
      description: 'Hours between two runs, instead of a time of the day.',
      resolve: ({ schedule }) => schedule.everyHours,
    }),
    only: t.field({ type: [RunPartType], description: 'What is backed up.', resolve: ({ schedule }) => schedule.only }),
    daily: t.int({ description: 'Days that keep their last backup.', resolve: ({ schedule }) => schedule.keep.daily }),
    weekly: t.int({ description: 'Weeks that do.', resolve: ({ schedule }) => schedule.keep.weekly }),
    monthly: t.int({ description: 'Months that do.', resolve: ({ schedule }) => schedule.keep.monthly }),
    lastRun: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Last time.',
      resolve: ({ lastRun }) => lastRun,
    }),
    nextRun: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Next time.',
      resolve: ({ nextRun }) => nextRun,
    }),
    problems: t.stringList({ description: 'What went wrong last time.', resolve: ({ problems }) => problems }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const ownerArg = { description: 'Name of the instance; without one, of the device.' } as const

builder.queryFields((t) => ({
  backupSettings: t.field({
    type: SettingsType,
    description: 'Scheduled backups and how they stand.',
    resolve: (_root, _args, { services }) => services.backups.settings(),
  }),
  backupTarget: t.field({
    type: TargetType,
    description: 'Where backups of an instance, or of the device, go.',
    args: { instance: t.arg.string(ownerArg) },
    resolve: (_root, { instance }, { services }) => services.backups.target(instance ?? undefined),
  }),
}))

builder.mutationFields((t) => ({
  setBackupSettings: t.field({
    type: SettingsType,
    description: 'Changes what is given; the rest stays.',
    args: {
      repository: t.arg.string({ description: 'restic repository of device backups; empty: files on the device.' }),
      enabled: t.arg.boolean({ description: 'Whether the daemon makes backups by itself.' }),
      at: t.arg.string({ description: 'Time of the day: 03:30.' }),
      everyHours: t.arg.int({ description: 'Hours between two runs, instead of a time.' }),
      only: t.arg({ type: [RunPartType], description: 'What is backed up.' }),
      daily: t.arg.int({ description: 'Days that keep their last backup.' }),
      weekly: t.arg.int({ description: 'Weeks that do.' }),
      monthly: t.arg.int({ description: 'Months that do.' }),
    },
    ...plannedBy((args: object, { services }) => services.backups.planSettings(given(args))),
    resolve: (_root, args, { services }) => services.backups.setSettings(given(args)),
  }),
  setBackupTarget: t.field({
    type: TargetType,
    description: 'Says where backups of an instance go, and with what the repository opens. What is not given stays.',
    args: {
      instance: t.arg.string(instanceArg),
      place: t.arg.string({
        description:
          'restic repository: a path, sftp:user@host:/path, s3:https://host/bucket or rest:https://host/path; empty: encrypted files on this device.',
      }),
      password: t.arg.string({ description: 'Opens the repository. Without it the backups are lost.' }),
      accessKey: t.arg.string({ description: 'Access key of S3.' }),
      secretKey: t.arg.string({ description: 'Secret key of S3.' }),
    },
    ...plannedBy(({ instance, ...change }: { instance: string }, { services }) =>
      services.backups.planTarget(instance, given(change)),
    ),
    resolve: (_root, { instance, ...change }, { services, via }) =>
      services.backups.setTarget(instance, given(change), via),
  }),
  setBackupPassphrase: t.boolean({
    description: 'Passphrase of device backups, and the keys of their repository where it wants some.',
    args: {
      passphrase: t.arg.string({ description: 'At least 10 characters. Without it the backups are lost.' }),
      accessKey: t.arg.string({ description: 'Access key of S3.' }),
      secretKey: t.arg.string({ description: 'Secret key of S3.' }),
    },
    ...plannedBy((args: object, { services }) => services.backups.planDeviceSecrets(given(args))),
    resolve: async (_root, args, { services }) => {
      await services.backups.setDeviceSecrets(given(args))
      return true
    },
  }),
}))
