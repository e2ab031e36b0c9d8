import { builder } from '../../../platform/schema-builder.ts'
import { InstanceType } from '../graphql.ts'
import type { TrashEntry } from './model.ts'
import type { TrashService } from './service.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    trash: TrashService
  }
}

const TrashEntryType = builder.objectRef<TrashEntry>('TrashEntry').implement({
  description: 'A deleted instance that can still be had back.',
  fields: (t) => ({
    entry: t.exposeString('entry', { description: 'Names it in the trash.' }),
    name: t.exposeString('name', { description: 'What the instance was called.' }),
    description: t.exposeString('description', { description: 'What it was for.' }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', description: 'When it was deleted.' }),
    goneAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is removed for good; null when trash.keepDays of central.yaml cannot be read.',
      resolve: ({ goneAt }) => goneAt,
    }),
    size: t.expose('size', { type: 'Bytes', description: 'Bytes of all its files.' }),
    files: t.exposeInt('files', { description: 'How many files it has.' }),
    apps: t.exposeStringList('apps', { description: 'Apps that were added to it.' }),
  }),
})

const entryArg = { required: true, description: 'Its name in the trash.' } as const

builder.queryField('trash', (t) =>
  t.field({
    type: [TrashEntryType],
    description: 'Deleted instances, newest first.',
    resolve: (_root, _args, { services }) => services.trash.list(),
  }),
)

builder.mutationFields((t) => ({
  restoreInstance: t.field({
    type: InstanceType,
    description: 'Puts a deleted instance back.',
    args: {
      entry: t.arg.string(entryArg),
      name: t.arg.string({ description: 'Another name for it; default: the name it had.' }),
    },
    resolve: (_root, { entry, name }, { services }) => services.trash.restore(entry, name ?? undefined),
  }),
  deleteTrash: t.boolean({
    description: 'Removes a deleted instance for good.',
    args: { entry: t.arg.string(entryArg) },
    resolve: async (_root, { entry }, { services }) => {
      await services.trash.delete(entry)
      return true
    },
  }),
}))
