import { plannedBy } from '../../operations/change-plan.ts'
import { builder, type RequestContext } from '../../platform/schema-builder.ts'
import { VersionType } from '../../platform/version-type.ts'
import type { ConfigService, KeyState } from './service.ts'
import { type ConfigProblem, severities } from './validate.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    config: ConfigService
  }
}

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const versionArg = { required: true, description: 'Number of the version.' } as const

/** A change of config.yaml as a plan shows it: the difference, or nothing. */
async function planned({ services }: RequestContext, ...asked: Parameters<ConfigService['preview']>) {
  const diff = await services.config.preview(...asked)
  return diff ? [{ kind: 'file' as const, text: 'config.yaml would be changed', diff }] : []
}

/** A change as a mutation gets it; without a value it is set to nothing, unless the key is to be deleted. */
interface GivenChange {
  path: string
  value?: unknown
  delete?: boolean | null
}
const changeOf = ({ path, value, delete: gone }: GivenChange) => ({ path, value: gone ? undefined : (value ?? null) })

const SeverityType = builder.enumType('ConfigSeverity', {
  description: 'How bad a problem is: an error is refused when set, a warning is worth a look.',
  values: severities,
})

const ProblemType = builder.objectRef<ConfigProblem>('ConfigProblem').implement({
  description: 'Something in config.yaml that is wrong or worth a look.',
  fields: (t) => ({
    severity: t.field({ type: SeverityType, description: 'How bad it is.', resolve: ({ severity }) => severity }),
    message: t.exposeString('message', { description: 'What is wrong, for people.' }),
    path: t.exposeString('path', { nullable: true, description: 'The key.' }),
    line: t.exposeInt('line', { nullable: true, description: 'Its line, from 1; absent when the key is not there.' }),
    column: t.exposeInt('column', { nullable: true, description: 'Its column, from 1.' }),
  }),
})

const KeyType = builder.objectRef<KeyState>('ConfigKey').implement({
  description: 'A key that Wild Central knows, and what it is in an instance.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is; `*` stands for one name.' }),
    kind: t.exposeString('kind', { description: 'What it holds: text, address, port…' }),
    help: t.exposeString('help', { description: 'What it is for.' }),
    question: t.exposeString('question', { nullable: true, description: 'How a person is asked for it.' }),
    default: t.exposeString('default', {
      nullable: true,
      description: 'Its default, in which `<key>` is another key and `<lan+90>` an address of the network.',
    }),
    required: t.boolean({
      description: 'A cluster cannot be built without it.',
      resolve: ({ required }) => required === true,
    }),
    isSet: t.exposeBoolean('isSet', { description: 'It has a value in this instance.' }),
    value: t.field({ type: 'JSON', nullable: true, description: 'Its value.', resolve: ({ value }) => value }),
    suggestion: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The default as it would be for this instance now; absent once it is set.',
      resolve: ({ suggestion }) => suggestion,
    }),
  }),
})

const ChangeInput = builder.inputType('ConfigChangeInput', {
  description: 'One of several changes.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'Where.' }),
    value: t.field({ type: 'JSON', description: 'What, of any type.' }),
    delete: t.boolean({ description: 'Delete the key instead.' }),
  }),
})

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
    description: 'config.yaml as it is on disk, comments included, also when it does not parse.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.config.text(instance),
  }),
  configProblems: t.field({
    type: [ProblemType],
    description: 'All problems of config.yaml, or of a text that might replace it.',
    args: {
      instance: t.arg.string(instanceArg),
      yaml: t.arg.string({ description: 'The text to look at instead of the file.' }),
    },
    resolve: (_root, { instance, yaml }, { services }) => services.config.problems(instance, yaml ?? undefined),
  }),
  configKeys: t.field({
    type: [KeyType],
    description: 'The keys that Wild Central knows, with their values and defaults in an instance.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.config.keys(instance),
  }),
  configHistory: t.field({
    type: [VersionType],
    description: 'States of config.yaml, newest first; edits made by hand are among them.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.config.history(instance),
  }),
  configVersion: t.string({
    description: 'The text of a version.',
    args: { instance: t.arg.string(instanceArg), version: t.arg.int(versionArg) },
    resolve: (_root, { instance, version }, { services }) => services.config.versionText(instance, version),
  }),
  configDiff: t.string({
    description: 'Unified diff from a version to another one, or to what is on disk now. Empty when they are alike.',
    args: {
      instance: t.arg.string(instanceArg),
      version: t.arg.int(versionArg),
      to: t.arg.int({ description: 'Number of the other version; without it, the file as it is now.' }),
    },
    resolve: (_root, { instance, version, to }, { services }) =>
      services.config.diff(instance, version, to ?? undefined),
  }),
}))

builder.mutationFields((t) => ({
  setConfig: t.boolean({
    ...plannedBy<{ instance: string; path: string; value: unknown }>(({ instance, path, value }, context) =>
      planned(context, instance, { changes: [{ path, value }] }),
    ),
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
  changeConfig: t.boolean({
    ...plannedBy<{ instance: string; changes: GivenChange[] }>(({ instance, changes }, context) =>
      planned(context, instance, { changes: changes.map(changeOf) }),
    ),
    description: 'Sets and deletes several keys, all or none. False when nothing had to change.',
    args: {
      instance: t.arg.string(instanceArg),
      changes: t.arg({ type: [ChangeInput], required: true, description: 'At least one.' }),
    },
    resolve: (_root, { instance, changes }, { services, via }) =>
      services.config.set(instance, changes.map(changeOf), {
        via,
        reason: `config set ${changes.map(({ path }) => path).join(', ')}`.slice(0, 200),
      }),
  }),
  deleteConfig: t.boolean({
    ...plannedBy<{ instance: string; path: string }>(({ instance, path }, context) =>
      planned(context, instance, { changes: [{ path, value: undefined }] }),
    ),
    description: 'Deletes a key or a section of config.yaml.',
    args: { instance: t.arg.string(instanceArg), path: t.arg.string({ required: true, description: 'Where.' }) },
    resolve: async (_root, { instance, path }, { services, via }) => {
      await services.config.delete(instance, path, { via, reason: `config delete ${path}` })
      return true
    },
  }),
  replaceConfigYaml: t.boolean({
    ...plannedBy<{ instance: string; yaml: string; base?: string | null }>(({ instance, yaml, base }, context) =>
      planned(context, instance, { yaml, base: base ?? undefined }),
    ),
    description: 'Replaces config.yaml as a whole. Refused when it does not parse.',
    args: {
      instance: t.arg.string(instanceArg),
      yaml: t.arg.string({ required: true, description: 'The new text.' }),
      base: t.arg.string({
        description: 'SHA-256 of the text it was made from; refused when the file says something else by now.',
      }),
    },
    resolve: (_root, { instance, yaml, base }, { services, via }) =>
      services.config.replace(instance, yaml, { via, reason: 'config replaced' }, base ?? undefined),
  }),
  restoreConfig: t.boolean({
    ...plannedBy<{ instance: string; version: number }>(({ instance, version }, context) =>
      planned(context, instance, { version }),
    ),
    description: 'Writes the text of a version again, as a new version. False when the file already says so.',
    args: { instance: t.arg.string(instanceArg), version: t.arg.int(versionArg) },
    resolve: (_root, { instance, version }, { services, via }) =>
      services.config.restore(instance, version, { via, reason: `version ${version} restored` }),
  }),
}))
