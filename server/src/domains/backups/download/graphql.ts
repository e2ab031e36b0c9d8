import { builder } from '../../../platform/schema-builder.ts'
import { PieceType, piecesToSend } from '../../../platform/sent-file.ts'

const backupArg = { required: true, description: 'Name of the backup.' } as const

builder.subscriptionFields((t) => ({
  backupFile: t.field({
    type: PieceType,
    description:
      'A backup of the device as one encrypted file, piece by piece, as fast as they are taken. This is noted in the audit log.',
    args: {
      backup: t.arg.string(backupArg),
      from: t.arg({
        type: 'Bytes',
        description: 'Bytes that are there already. A backup in a repository always comes from its beginning.',
      }),
    },
    subscribe: async (_root, { backup, from }, { services, audit, via }) => {
      const download = await services.backups.file(backup, from ?? 0)
      audit.record({ action: 'backup.file', door: via, key: backup })
      return piecesToSend(download)
    },
    resolve: (piece) => piece,
  }),
  backupPart: t.field({
    type: PieceType,
    description:
      'A part of a backup of an instance as it was before it was encrypted: it may hold secrets. This is noted in the audit log.',
    args: {
      instance: t.arg.string({ required: true, description: 'The instance it is of; it may lie in the trash.' }),
      backup: t.arg.string(backupArg),
      part: t.arg.string({ required: true, description: 'Name of the part.' }),
    },
    subscribe: async (_root, of, { services, audit, via }) => {
      const download = await services.backups.part(of)
      audit.record({ action: 'backup.part', door: via, instance: of.instance, key: `${of.backup} ${of.part}` })
      return piecesToSend(download)
    },
    resolve: (piece) => piece,
  }),
}))
