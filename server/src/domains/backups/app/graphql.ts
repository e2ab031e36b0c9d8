import { builder } from '../../../platform/schema-builder.ts'
import { AppType } from '../../apps/index.ts'

interface LastBackup {
  id?: string
  createdAt?: string
  problem?: string
}

const LastBackupType = builder.objectRef<LastBackup>('LastBackup').implement({
  description: 'The newest whole backup of an app.',
  fields: (t) => ({
    id: t.string({ nullable: true, description: 'Its id; none was made yet without it.', resolve: ({ id }) => id }),
    createdAt: t.string({ nullable: true, description: 'When it was made.', resolve: (backup) => backup.createdAt }),
    problem: t.string({
      nullable: true,
      description: 'Why the target of backups cannot be read.',
      resolve: ({ problem }) => problem,
    }),
  }),
})

builder.objectField(AppType, 'lastBackup', (t) =>
  t.field({
    type: LastBackupType,
    description: 'Its newest backup. The target is asked for it, which may take a while.',
    async resolve({ instance, name }, _args, { services }): Promise<LastBackup> {
      try {
        const last = (await services.backups.list(instance, name)).find(({ whole }) => whole)
        return { id: last?.id, createdAt: last?.createdAt }
      } catch (error) {
        return { problem: (error as Error).message }
      }
    },
  }),
)
