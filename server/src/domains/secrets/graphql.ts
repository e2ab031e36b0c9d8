import { builder } from '../../platform/schema-builder.ts'
import { type ListedSecret, type SecretList, secretKinds } from './model.ts'
import type { SecretsService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    secrets: SecretsService
  }
}

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const pathArg = { required: true, description: 'Such as `apps.ghost.dbPassword`.' } as const

const GeneratedSecret = builder.objectRef<{ path: string; value: string }>('GeneratedSecret').implement({
  description: 'A secret that was just made. This is the only time its value is shown.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is kept.' }),
    value: t.exposeString('value', { description: 'The value.' }),
  }),
})

export const SecretKindType = builder.enumType('SecretKind', {
  description: 'Where a secret came from: made by the daemon, given by a person, or worked out from others.',
  values: secretKinds,
})

const Listed = builder.objectRef<ListedSecret>('ListedSecret').implement({
  description: 'A secret without its value.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is kept.' }),
    kind: t.field({ type: SecretKindType, description: 'Where it came from.', resolve: ({ kind }) => kind }),
    owner: t.string({
      nullable: true,
      description: 'The app or service it belongs to.',
      resolve: ({ owner }) => owner,
    }),
    description: t.string({
      nullable: true,
      description: 'What it is for.',
      resolve: ({ description }) => description,
    }),
    optional: t.exposeBoolean('optional', { description: 'What it belongs to works without it.' }),
    set: t.exposeBoolean('set', {
      description: 'False for one without a value, such as one that an added app declares and nobody set.',
    }),
  }),
})

const List = builder.objectRef<SecretList>('SecretList').implement({
  description: 'The secrets of an instance, without values.',
  fields: (t) => ({
    secrets: t.field({
      type: [Listed],
      description: 'In the order of the file, then those that are declared and not set.',
      resolve: ({ secrets }) => secrets,
    }),
    warnings: t.exposeStringList('warnings', {
      description: 'Permissions of files with secrets that were too wide, since the daemon started.',
    }),
  }),
})

const RevealedSecret = builder.objectRef<{ path: string; value: string }>('RevealedSecret').implement({
  description: 'A secret somebody asked to see. That was noted in the audit log.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is kept.' }),
    value: t.exposeString('value', { description: 'The value.' }),
  }),
})

builder.queryFields((t) => ({
  secretList: t.field({
    type: List,
    description: 'Which secrets an instance has or needs, and of what kind; no values.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.secrets.list(instance),
  }),
  secrets: t.field({
    type: 'JSON',
    nullable: true,
    description: 'The secrets of an instance, whole or at a path; every value is `***`.',
    args: { instance: t.arg.string(instanceArg), path: t.arg.string({ description: 'Only what is here.' }) },
    resolve: (_root, { instance, path }, { services }) => services.secrets.masked(instance, path ?? undefined),
  }),
}))

builder.mutationFields((t) => ({
  setSecret: t.boolean({
    description: 'Sets a secret to a value, or to a random one. False when it already had this value.',
    args: {
      instance: t.arg.string(instanceArg),
      path: t.arg.string(pathArg),
      value: t.arg.string({ description: 'The value; not together with generate.' }),
      generate: t.arg.boolean({ description: 'Make a random value.' }),
    },
    resolve: (_root, { instance, ...input }, { services, via }) =>
      services.secrets.set(instance, input, { via, reason: `secret set ${input.path}` }),
  }),
  generateSecret: t.field({
    type: GeneratedSecret,
    description: 'Makes a random secret and answers its value once.',
    args: {
      instance: t.arg.string(instanceArg),
      path: t.arg.string(pathArg),
      length: t.arg.int({ description: 'Characters, default 32.' }),
      charset: t.arg.string({
        description: 'alnum (default), alpha, digits, hex, base64, base64url or ascii.',
      }),
      overwrite: t.arg.boolean({ description: 'Replace an existing value.' }),
    },
    resolve: async (_root, { instance, ...input }, { services, via }) => ({
      path: input.path,
      value: await services.secrets.generate(instance, input, { via, reason: `secret generate ${input.path}` }),
    }),
  }),
  revealSecret: t.field({
    type: RevealedSecret,
    description: 'The value of one secret. Who asked, through which door and why is noted in the audit log.',
    args: {
      instance: t.arg.string(instanceArg),
      path: t.arg.string(pathArg),
      reason: t.arg.string({ description: 'Why; a line for the log.' }),
    },
    resolve: async (_root, { instance, ...input }, { services, via }) => ({
      path: input.path,
      value: await services.secrets.reveal(instance, input, via),
    }),
  }),
  deleteSecret: t.boolean({
    description: 'Removes one secret.',
    args: { instance: t.arg.string(instanceArg), path: t.arg.string(pathArg) },
    resolve: async (_root, { instance, path }, { services, via }) => {
      await services.secrets.delete(instance, path, { via, reason: `secret delete ${path}` })
      return true
    },
  }),
}))
