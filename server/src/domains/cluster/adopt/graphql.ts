import { builder } from '../../../platform/schema-builder.ts'
import { HomeFileInput, HomeImportType } from '../../instances/index.ts'
import type { HandBackArchive, HandBackFile } from './model.ts'
import type { AdoptService } from './service.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    adoption: AdoptService
  }
}

const HandBackFileType = builder.objectRef<HandBackFile>('HandBackFile').implement({
  description: 'A file of what is handed back.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it belongs in the folder.' }),
    text: t.exposeString('text', { description: 'What is in it.' }),
    secret: t.exposeBoolean('secret', { description: 'It holds keys: only its owner may read it.' }),
  }),
})

builder.queryField('handBack', (t) =>
  t.field({
    type: [HandBackFileType],
    description:
      'All files somebody needs who goes on with talosctl and kubectl alone. They hold keys; asking is noted.',
    args: { instance: t.arg.string({ required: true, description: 'Name of the instance.' }) },
    resolve: (_root, { instance }, { services, via }) => services.adoption.handBack(instance, via),
  }),
)

const HandBackArchiveType = builder.objectRef<HandBackArchive>('HandBackArchive').implement({
  description: 'What is handed back, as one file: a gzipped tar.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', { description: 'What to call the file.' }),
    content: t.exposeString('content', { description: 'The file, in base64.' }),
  }),
})

builder.queryField('handBackArchive', (t) =>
  t.field({
    type: HandBackArchiveType,
    description: 'The same as one file. It holds keys; asking is noted.',
    args: { instance: t.arg.string({ required: true, description: 'Name of the instance.' }) },
    resolve: (_root, { instance }, { services, via }) => services.adoption.handBackArchive(instance, via),
  }),
)

builder.mutationField('adoptCluster', (t) =>
  t.field({
    type: HomeImportType,
    description:
      'Makes an instance of a running cluster that was made by hand or by the old scripts. Nothing of the cluster is changed.',
    args: {
      name: t.arg.string({ required: true, description: 'Name of the new instance.' }),
      description: t.arg.string({ description: 'What it is for.' }),
      talosconfig: t.arg.string({
        description: "Text of an administrator's talosconfig; needed unless the files have it.",
      }),
      kubeconfig: t.arg.string({
        description: "Text of an administrator's kubeconfig; needed unless the files have it.",
      }),
      secrets: t.arg.string({ description: 'Text of the secrets bundle; read from a control plane when left out.' }),
      files: t.arg({
        type: [HomeFileInput],
        description: 'The files of the old instance (v.PoC) it belongs to: settings, secrets and apps are taken too.',
      }),
      dryRun: t.arg.boolean({ description: 'Only tell what it would be.' }),
    },
    resolve: (_root, { name, description, talosconfig, kubeconfig, secrets, files, dryRun }, { services }) =>
      services.adoption.adopt({
        name,
        description: description ?? undefined,
        talosconfig: talosconfig ?? undefined,
        kubeconfig: kubeconfig ?? undefined,
        secrets: secrets ?? undefined,
        files: files ?? undefined,
        dryRun: dryRun ?? undefined,
      }),
  }),
)
