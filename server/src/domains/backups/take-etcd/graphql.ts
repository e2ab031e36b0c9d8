import { builder } from '../../../platform/schema-builder.ts'
import { OperationType } from '../../operations/index.ts'

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const backupArg = { required: true, description: 'Name of the backup.' } as const

builder.mutationFields((t) => ({
  takeEtcdFromBackup: t.field({
    type: OperationType,
    description:
      'Puts the snapshot of etcd that a backup of a cluster holds among the snapshots of the instance, from where the cluster can be restored.',
    args: {
      instance: t.arg.string(instanceArg),
      backup: t.arg.string(backupArg),
      name: t.arg.string({ description: 'What to call the snapshot; default: after the backup.' }),
    },
    resolve: (_root, { instance, backup, name }, { services, via }) =>
      services.backups.takeEtcd({ instance, backup, name: name ?? undefined }, via),
  }),
}))
