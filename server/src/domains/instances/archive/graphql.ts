import { builder } from '../../../platform/schema-builder.ts'
import { InstanceType } from '../graphql.ts'
import type { ArchiveService, InstanceArchive } from './service.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    archives: ArchiveService
  }
}

const InstanceArchiveType = builder.objectRef<InstanceArchive>('InstanceArchive').implement({
  description: 'One instance as one encrypted file, 32 MB at most.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The instance.' }),
    fileName: t.exposeString('fileName', { description: 'What to call the file.' }),
    size: t.expose('size', { type: 'Bytes', description: 'Bytes of the file.' }),
    content: t.exposeString('content', { description: 'The file, in base64.' }),
  }),
})

builder.mutationFields((t) => ({
  exportInstance: t.field({
    type: InstanceArchiveType,
    description:
      'The whole folder of an instance (config, secrets, keys, apps, history) as one file, encrypted with a passphrase. This is noted in the audit log.',
    args: {
      instance: t.arg.string({ required: true, description: 'Name of the instance.' }),
      passphrase: t.arg.string({ required: true, description: 'At least 10 characters. Without it the file is lost.' }),
    },
    resolve: (_root, { instance, passphrase }, { services, via }) =>
      services.archives.export(instance, passphrase, via),
  }),
  importInstance: t.field({
    type: InstanceType,
    description:
      'Makes an instance of an exported file, whole or not at all. Settings inside, such as the name of the cluster, stay as they were. Files of more than 2 MB are taken by POST /api/v1/instances/import only (32 MB at most).',
    args: {
      archive: t.arg.string({ required: true, description: 'The file, in base64.' }),
      passphrase: t.arg.string({ required: true, description: 'The one it was exported with.' }),
      name: t.arg.string({ description: 'Another name for it; default: the name it had.' }),
    },
    resolve: (_root, { archive, passphrase, name }, { services }) =>
      services.archives.import({ archive, passphrase, name: name ?? undefined }),
  }),
}))
