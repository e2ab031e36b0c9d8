import { builder } from '../../platform/schema-builder.ts'
import type { ConfigService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    config: ConfigService
  }
}

const instanceArg = { required: true, description: 'Name of the instance.' } as const

builder.queryFields((t) => ({
  config: t.field({
    type: 'JSON',
    nullable: true,
    description: 'The configuration of an instance, whole or the value at a path.',
    args: {
      instance: t.arg.string(instanceArg),
      path: t.arg.string({ description: 'Such as `cluster.name` or `nodes."10.0.0.1".disk`.' }),
    },
    resolve: (_root, { instance, path }, { services }) =>
      typeof path === 'string' ? services.config.value(instance, path) : services.config.tree(instance),
  }),
  configYaml: t.string({
    description: 'config.yaml as it is on disk, comments included.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.config.text(instance),
  }),
}))

builder.mutationFields((t) => ({
  setConfig: t.boolean({
    description:
      'Sets one key of config.yaml; comments, order and types of the rest stay. False when it already had this value.',
    args: {
      instance: t.arg.string(instanceArg),
      path: t.arg.string({ required: true, description: 'Where.' }),
      value: t.arg({ type: 'JSON', required: true, description: 'What, of any type.' }),
    },
    resolve: (_root, { instance, path, value }, { services, via }) =>
      services.config.set(instance, [{ path, value }], { via, reason: `config set ${path}` }),
  }),
  replaceConfigYaml: t.boolean({
    description: 'Replaces config.yaml as a whole. Refused when it does not parse.',
    args: { instance: t.arg.string(instanceArg), yaml: t.arg.string({ required: true, description: 'The new text.' }) },
    resolve: (_root, { instance, yaml }, { services, via }) =>
      services.config.replace(instance, yaml, { via, reason: 'config replaced' }),
  }),
}))
