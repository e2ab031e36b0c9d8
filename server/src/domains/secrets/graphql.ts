import { builder } from '../../platform/schema-builder.ts'
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

builder.queryField('secrets', (t) =>
  t.field({
    type: 'JSON',
    nullable: true,
    description: 'The secrets of an instance, whole or at a path; every value is `***`.',
    args: { instance: t.arg.string(instanceArg), path: t.arg.string({ description: 'Only what is here.' }) },
    resolve: (_root, { instance, path }, { services }) => services.secrets.masked(instance, path ?? undefined),
  }),
)

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
      overwrite: t.arg.boolean({ description: 'Replace an existing value.' }),
    },
    resolve: async (_root, { instance, ...input }, { services, via }) => ({
      path: input.path,
      value: await services.secrets.generate(instance, input, { via, reason: `secret generate ${input.path}` }),
    }),
  }),
}))
