import { builder } from '../../platform/schema-builder.ts'
import { OperationType } from '../operations/index.ts'
import { type BackupPart, restoreParts } from './model.ts'
import type { Backup, BackupsService } from './service.ts'
import { RunPartType } from './settings/graphql.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    backups: BackupsService
  }
}

const PartType = builder.objectRef<BackupPart>('BackupPart').implement({
  description: 'One piece of a backup.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in the target.' }),
    kind: t.exposeString('kind', { description: 'database, volume, files, etcd or objects.' }),
    source: t.string({
      nullable: true,
      description: 'Name of the database or volume.',
      resolve: ({ source }) => source,
    }),
    bytes: t.expose('bytes', { type: 'Bytes', description: 'Bytes as they were read.' }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of those bytes.' }),
    rows: t.int({
      nullable: true,
      description: 'Rows of all tables of a database, where they were counted.',
      resolve: ({ tables }) => tables && Object.values(tables).reduce((sum, count) => sum + count, 0),
    }),
    files: t.int({
      nullable: true,
      description: 'Files of a volume, where they were counted.',
      resolve: ({ contents }) => contents?.files,
    }),
  }),
})

export const BackupType = builder.objectRef<Backup>('Backup').implement({
  description: 'Something that can be restored.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Its name.' }),
    kind: t.exposeString('kind', { description: 'What of: app, home (the folder of an instance), cluster, device.' }),
    instance: t.string({ nullable: true, description: 'The instance.', resolve: ({ instance }) => instance }),
    app: t.string({ nullable: true, description: 'The app.', resolve: ({ app }) => app }),
    appVersion: t.string({
      nullable: true,
      description: 'Version of the app when it was made.',
      resolve: ({ appVersion }) => appVersion,
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => createdAt }),
    reason: t.string({
      nullable: true,
      description: 'Why: manual, schedule, update, restore.',
      resolve: ({ reason }) => reason,
    }),
    whole: t.exposeBoolean('whole', { description: 'It was finished. One that was not cannot be restored.' }),
    bytes: t.expose('bytes', { type: 'Bytes', description: 'Bytes of all its parts as they were read.' }),
    parts: t.field({ type: [PartType], description: 'What it is made of.', resolve: ({ parts }) => parts }),
  }),
})

const RestorePartType = builder.enumType('RestorePart', {
  description: 'What of a backup is restored.',
  values: restoreParts,
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const ownerArg = { description: 'Name of the instance; without one, of the device.' } as const
const appArg = { required: true, description: 'Name of the app.' } as const
const backupArg = { required: true, description: 'Name of the backup.' } as const

builder.queryFields((t) => ({
  backups: t.field({
    type: [BackupType],
    description: 'Backups of an instance, or of the device without one; newest first.',
    args: { instance: t.arg.string(ownerArg), app: t.arg.string({ description: 'Only those of this app.' }) },
    resolve: (_root, { instance, app }, { services }) =>
      instance ? services.backups.list(instance, app ?? undefined) : services.backups.listDevice(),
  }),
}))

builder.mutationFields((t) => ({
  runBackups: t.field({
    type: OperationType,
    description:
      'Backs up an instance (settings and keys, apps, cluster), or the whole device; each part is a backup of its own.',
    args: {
      instance: t.arg.string(ownerArg),
      only: t.arg({ type: [RunPartType], description: 'Default: home, apps, cluster; device without an instance.' }),
    },
    resolve: (_root, { instance, only }, { services, via }) =>
      services.backups.run({ instance: instance ?? undefined, only: only ?? (instance ? undefined : ['device']) }, via),
  }),
  backupApp: t.field({
    type: OperationType,
    description: 'Backs up the data of an app with its settings, secrets and files.',
    args: { instance: t.arg.string(instanceArg), app: t.arg.string(appArg) },
    resolve: (_root, { instance, app }, { services, via }) => services.backups.backupApp({ instance, app }, via),
  }),
  restoreApp: t.field({
    type: OperationType,
    description:
      'Restores an app from a backup: beside the present data first, proven, then changed over. The present data is removed last.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      backup: t.arg.string({ description: 'Which; default: the newest.' }),
      only: t.arg({ type: RestorePartType, description: 'Default: all.' }),
      otherVersion: t.arg.boolean({ description: 'Also when it was made with another version of the app.' }),
      beside: t.arg.string({
        description:
          'Restore only the data, into a namespace of this name and databases of their own; the app is not touched.',
      }),
    },
    resolve: (_root, { instance, app, backup, only, otherVersion, beside }, { services, via }) =>
      services.backups.restoreApp(
        {
          instance,
          app,
          backup: backup ?? undefined,
          only: only ?? undefined,
          otherVersion: otherVersion ?? undefined,
          beside: beside ?? undefined,
        },
        via,
      ),
  }),
  restoreFromBackup: t.field({
    type: OperationType,
    description:
      'Makes an instance of a backup of its settings, secrets and keys (kind home), under a name that is free. Settings inside, such as the name of the cluster, stay as they were.',
    args: {
      instance: t.arg.string({ required: true, description: 'The instance it is of; it may lie in the trash.' }),
      backup: t.arg.string(backupArg),
      name: t.arg.string({ description: 'What to call it; default: as it was.' }),
    },
    resolve: (_root, { instance, backup, name }, { services, via }) =>
      services.backups.restoreHome({ instance, backup, name: name ?? undefined }, via),
  }),
  verifyBackup: t.field({
    type: OperationType,
    description: 'Reads a backup back, every byte, and compares it with what was stored.',
    args: { instance: t.arg.string(ownerArg), backup: t.arg.string(backupArg) },
    resolve: (_root, { instance, backup }, { services, via }) =>
      services.backups.verify({ instance: instance ?? undefined, backup }, via),
  }),
  deleteBackup: t.field({
    type: OperationType,
    description: 'Removes a backup. The last good one of something is refused unless forced.',
    args: {
      instance: t.arg.string(ownerArg),
      backup: t.arg.string(backupArg),
      force: t.arg.boolean({ description: 'Also the last good one.' }),
    },
    resolve: (_root, { instance, backup, force }, { services, via }) =>
      services.backups.delete({ instance: instance ?? undefined, backup, force: force ?? undefined }, via),
  }),
}))
