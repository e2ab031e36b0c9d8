import { given } from '../../platform/given.ts'
import { builder } from '../../platform/schema-builder.ts'
import { PieceType, piecesToSend } from '../../platform/sent-file.ts'
import { OperationType } from '../operations/index.ts'
import { type Asset, architectures, assetKinds, type Extension, type InstanceSchematic, savedName } from './model.ts'
import type { SchematicChanged, TalosService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    talos: TalosService
  }
}

export const ArchitectureType = builder.enumType('Architecture', {
  description: 'Processor architecture of a machine.',
  values: architectures,
})
const KindType = builder.enumType('BootAssetKind', {
  description:
    'What a machine boots from: kernel, initramfs and the kernel’s arguments, or an ISO image; `loader` is iPXE, which network cards load first.',
  values: assetKinds,
})

export const BootAssetType = builder.objectRef<Asset>('BootAsset').implement({
  description: 'A file that machines boot from, as it is here.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Its name: `v1.11.5-613e1592b2da-amd64-kernel`.' }),
    kind: t.field({ type: KindType, description: 'What it is.', resolve: ({ kind }) => kind }),
    architecture: t.field({
      type: ArchitectureType,
      description: 'For which machines.',
      resolve: ({ architecture }) => architecture,
    }),
    version: t.string({ nullable: true, description: 'Talos version.', resolve: ({ version }) => version }),
    schematicId: t.string({ nullable: true, description: 'Its schematic.', resolve: ({ schematicId }) => schematicId }),
    file: t.exposeString('file', { description: 'Its file name.' }),
    savedName: t.string({
      description: 'What it is called where it is saved elsewhere: `talos-v1.11.5-metal-amd64.iso`.',
      resolve: savedName,
    }),
    url: t.exposeString('url', { description: 'Where it came from.' }),
    path: t.exposeString('path', { description: 'Where it lies on this device.' }),
    size: t.field({ type: 'Bytes', description: 'How large it is.', resolve: ({ size }) => size }),
    sha256: t.exposeString('sha256', { description: 'Its checksum.' }),
    at: t.field({ type: 'DateTime', description: 'When it came.', resolve: ({ at }) => at }),
    usedBy: t.exposeStringList('usedBy', { description: 'Instances with this version and schematic.' }),
  }),
})

const SchematicType = builder.objectRef<InstanceSchematic>('TalosSchematic').implement({
  description: 'What is built into the Talos image of new machines.',
  fields: (t) => ({
    instance: t.exposeString('instance', { description: 'Whose.' }),
    version: t.string({
      nullable: true,
      description: 'Talos version for new machines.',
      resolve: ({ version }) => version,
    }),
    schematicId: t.string({
      nullable: true,
      description: 'Its id in the config: the name the image factory gives it.',
      resolve: ({ schematicId }) => schematicId,
    }),
    computedId: t.string({
      nullable: true,
      description: 'The id that belongs to the text; another one than in the config when somebody changed one of them.',
      resolve: ({ computedId }) => computedId,
    }),
    yaml: t.string({
      nullable: true,
      description: 'The schematic itself; null when only its id is known.',
      resolve: ({ yaml }) => yaml,
    }),
    extensions: t.exposeStringList('extensions', { description: 'System extensions.' }),
    kernelArguments: t.exposeStringList('kernelArguments', { description: 'Further arguments of the kernel.' }),
  }),
})

const SchematicChangedType = builder.objectRef<SchematicChanged>('TalosSchematicChange').implement({
  description: 'What a change of a schematic did, or would do.',
  fields: (t) => ({
    schematic: t.field({ type: SchematicType, description: 'How it is then.', resolve: ({ schematic }) => schematic }),
    diff: t.exposeString('diff', { description: 'Unified difference; empty when nothing changes.' }),
    warnings: t.exposeStringList('warnings', { description: 'What a person may want to know.' }),
  }),
})

const ExtensionType = builder.objectRef<Extension>('TalosExtension').implement({
  description: 'A system extension that the image factory can build in.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    author: t.exposeString('author', { description: 'Who made it.' }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const

builder.queryFields((t) => ({
  talosVersions: t.stringList({
    description: 'Talos versions that can be had, newest first; asks the image factory.',
    resolve: (_root, _args, { services }) => services.talos.versions(),
  }),
  talosExtensions: t.field({
    type: [ExtensionType],
    description: 'System extensions for a Talos version; asks the image factory.',
    args: { version: t.arg.string({ required: true, description: 'The version.' }) },
    resolve: (_root, { version }, { services }) => services.talos.extensions(version),
  }),
  offeredExtensions: t.field({
    type: [ExtensionType],
    description: 'System extensions for the Talos version of an instance, none without one; asks the image factory.',
    args: { instance: t.arg.string(instanceArg) },
    async resolve(_root, { instance }, { services }) {
      const { version } = await services.talos.schematic(instance)
      return version ? services.talos.extensions(version) : []
    },
  }),
  talosSchematic: t.field({
    type: SchematicType,
    description: 'What is built into the Talos image of an instance.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.talos.schematic(instance),
  }),
  bootAssets: t.field({
    type: [BootAssetType],
    description: 'Files that machines boot from, as far as they are here.',
    resolve: (_root, _args, { services }) => services.talos.assets(),
  }),
}))

builder.mutationFields((t) => ({
  setTalosSchematic: t.field({
    type: SchematicChangedType,
    description: 'Changes what is built into the Talos image of new machines; machines that run keep theirs.',
    args: {
      instance: t.arg.string(instanceArg),
      extensions: t.arg.stringList({ description: 'System extensions, instead of those there are.' }),
      kernelArguments: t.arg.stringList({ description: 'Arguments of the kernel, instead of those there are.' }),
      schematic: t.arg({ type: 'JSON', description: 'The whole schematic, instead of the one there is.' }),
      plan: t.arg.boolean({ description: 'Only tell what would change.' }),
    },
    resolve: (_root, { instance, extensions, kernelArguments, schematic, plan }, { services, via }) =>
      services.talos.setSchematic(
        instance,
        {
          ...(extensions ? { extensions } : {}),
          ...(kernelArguments ? { kernelArguments } : {}),
          ...(schematic === null || schematic === undefined ? {} : { schematic }),
        },
        { plan: plan ?? false, via },
      ),
  }),
  uploadTalosSchematic: t.field({
    type: SchematicType,
    description: 'Tells the image factory the schematic of an instance. Asked again it changes nothing.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services, via }) => services.talos.uploadSchematic(instance, via),
  }),
  downloadBootAssets: t.field({
    type: OperationType,
    description: 'Downloads what machines boot from. What is here is skipped, what broke off is gone on with.',
    args: {
      instance: t.arg.string({ description: 'Take version and schematic of this instance where they are left out.' }),
      version: t.arg.string({ description: 'Talos version.' }),
      schematicId: t.arg.string({ description: 'Schematic of the image factory.' }),
      architecture: t.arg({ type: ArchitectureType, description: 'For which machines (default amd64).' }),
      kinds: t.arg({ type: [KindType], description: 'Which files (default all but the ISO image).' }),
    },
    resolve: (_root, args, { services, via }) => services.talos.download(given(args), via),
  }),
  deleteBootAssets: t.boolean({
    description: 'Removes files that machines boot from; they can be downloaded again.',
    args: {
      ids: t.arg.stringList({ required: true, description: 'Their names.' }),
      force: t.arg.boolean({ description: 'Also those that machines boot from now.' }),
    },
    async resolve(_root, { ids, force }, { services }) {
      await services.talos.deleteAssets(ids, force ?? false)
      return true
    },
  }),
}))

builder.subscriptionFields((t) => ({
  bootAssetChanges: t.string({
    description: 'Files that machines boot from came or went (`assets`); read them again.',
    subscribe: (_root, _args, { services }) => services.talos.changes.iterate(),
    resolve: (change) => change,
  }),
  bootAssetFile: t.field({
    type: PieceType,
    description:
      'A file that machines boot from, piece by piece, as fast as they are taken: the ISO image for a USB stick.',
    args: {
      id: t.arg.string({ required: true, description: 'Its name.' }),
      from: t.arg({ type: 'Bytes', description: 'Bytes that are there already.' }),
    },
    subscribe: async (_root, { id, from }, { services }) => piecesToSend(await services.talos.file(id, from ?? 0)),
    resolve: (piece) => piece,
  }),
}))
