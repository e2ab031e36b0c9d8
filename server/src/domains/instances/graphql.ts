import { plannedBy } from '../../operations/change-plan.ts'
import { builder } from '../../platform/schema-builder.ts'
import { type Instance, instanceParts, instanceStatuses } from './model.ts'
import { type Phase, type PhaseCheck, phaseNames } from './phases.ts'
import { type HomeFile, type ImportLine, importVerdicts } from './poc-import/model.ts'
import type { InstanceChange, InstancesService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    instances: InstancesService
  }
}

const InstanceStatusType = builder.enumType('InstanceStatus', {
  description: 'How far an instance is, and whether it is well.',
  values: instanceStatuses,
})
const InstancePartType = builder.enumType('InstancePart', {
  description: 'A part of an instance.',
  values: instanceParts,
})

const PhaseNameType = builder.enumType('PhaseName', {
  description: 'The way from nothing to running apps, in order.',
  values: phaseNames,
})
const PhaseCheckType = builder.objectRef<PhaseCheck>('PhaseCheck').implement({
  description: 'One thing that has to hold for a phase.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What is looked at.' }),
    ok: t.exposeBoolean('ok', { description: 'It holds.' }),
    message: t.exposeString('message', { description: 'What was found.' }),
    remedy: t.string({ nullable: true, description: 'The command that helps.', resolve: ({ remedy }) => remedy }),
  }),
})
const PhaseType = builder.objectRef<Phase>('Phase').implement({
  description: 'A part of the way, computed from how things are.',
  fields: (t) => ({
    name: t.field({ type: PhaseNameType, description: 'Which one.', resolve: ({ name }) => name }),
    complete: t.exposeBoolean('complete', { description: 'Every check holds, and there is something to check.' }),
    checks: t.field({
      type: [PhaseCheckType],
      description: 'What has to hold.',
      resolve: ({ checks }) => checks,
    }),
  }),
})

export const InstanceType = builder.objectRef<Instance>('Instance').implement({
  description: 'One cloud: its settings, machines, cluster, services and apps.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    status: t.field({
      type: InstanceStatusType,
      description: 'How far it is.',
      resolve: ({ name }, _args, { services }) => services.instances.status(name),
    }),
    nodeCount: t.int({
      description: 'Machines it has.',
      resolve: ({ name }, _args, { services }) => services.instances.facts.nodeCount(name),
    }),
    serviceCount: t.int({
      description: 'Core services installed.',
      resolve: ({ name }, _args, { services }) => services.instances.facts.serviceCount(name),
    }),
    appCount: t.int({
      description: 'Apps added.',
      resolve: ({ name }, _args, { services }) => services.instances.facts.appCount(name),
    }),
    missing: t.stringList({
      description: 'Settings still to be given before a cluster can be built.',
      resolve: ({ name }, _args, { services }) => services.instances.missing(name),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was created.',
      resolve: ({ createdAt }) => createdAt,
    }),
    configPath: t.exposeString('configPath', { description: 'Where its config.yaml is.' }),
  }),
})

const ContextType = builder.objectRef<{ current?: string }>('Context').implement({
  description: 'Which instance is meant when none is named.',
  fields: (t) => ({
    current: t.string({ nullable: true, description: 'Its name.', resolve: ({ current }) => current }),
  }),
})

export const InstanceChangeType = builder.objectRef<InstanceChange>('InstanceChange').implement({
  description: 'Something about an instance changed; read it again.',
  fields: (t) => ({
    instance: t.exposeString('instance', { description: 'Its name.' }),
    part: t.field({ type: InstancePartType, description: 'What changed.', resolve: ({ part }) => part }),
  }),
})

const ImportVerdictType = builder.enumType('ImportVerdict', {
  description: 'What became of a part of an old home.',
  values: importVerdicts,
})
const ImportLineType = builder.objectRef<ImportLine>('ImportLine').implement({
  description: 'One line of the report of an import.',
  fields: (t) => ({
    verdict: t.field({ type: ImportVerdictType, description: 'What became of it.', resolve: ({ verdict }) => verdict }),
    path: t.exposeString('path', { description: 'A file of the old home, or a key of its config.yaml.' }),
    message: t.exposeString('message', { description: 'Why.' }),
  }),
})
export const HomeImportType = builder.objectRef<{ instance?: string; report: ImportLine[] }>('HomeImport').implement({
  description: 'What an import did, or would do.',
  fields: (t) => ({
    instance: t.string({
      nullable: true,
      description: 'The new instance; null when it was only looked at.',
      resolve: ({ instance }) => instance,
    }),
    report: t.field({
      type: [ImportLineType],
      description: 'What was taken, changed and left.',
      resolve: ({ report }) => report,
    }),
  }),
})
export const HomeFileInput = builder.inputRef<HomeFile>('HomeFileInput').implement({
  description: 'A file of an old home.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'Its path within the folder.' }),
    text: t.string({ description: 'Its text; without it the file is only named in the report.' }),
  }),
})

const nameArg = { required: true, description: 'Name of the instance.' } as const

builder.queryFields((t) => ({
  instances: t.field({
    type: [InstanceType],
    description: 'All instances.',
    resolve: (_root, _args, { services }) => services.instances.list(),
  }),
  instance: t.field({
    type: InstanceType,
    description: 'One instance.',
    args: { instance: t.arg.string(nameArg) },
    resolve: (_root, { instance }, { services }) => services.instances.get(instance),
  }),
  phases: t.field({
    type: [PhaseType],
    description: 'How far an instance is, with what is missing for each phase.',
    args: { instance: t.arg.string(nameArg) },
    resolve: (_root, { instance }, { services }) => services.instances.phases(instance),
  }),
  context: t.field({
    type: ContextType,
    description: 'The current context.',
    resolve: async (_root, _args, { services }) => ({ current: await services.instances.context() }),
  }),
}))

const note = (text: string) => [{ kind: 'note' as const, text }]

/** What a person asked for, as the service takes it. */
function createInputOf({ name, description, config }: CreateArgs) {
  return {
    name,
    description: description ?? undefined,
    config: (config ?? undefined) as Record<string, unknown> | undefined,
  }
}

interface CreateArgs {
  name: string
  description?: string | null
  config?: unknown
}

builder.mutationFields((t) => ({
  createInstance: t.field({
    ...plannedBy<CreateArgs>(async (args, { services }) => {
      await services.instances.refuseCreate(createInputOf(args))
      return note(`the instance ${args.name} would be made, with the defaults of this network`)
    }),
    type: InstanceType,
    description: 'Creates an instance with defaults for this network. It becomes the context when there is none.',
    args: {
      name: t.arg.string({ required: true, description: 'Lower-case letters, digits and "-".' }),
      description: t.arg.string({ description: 'What it is for.' }),
      config: t.arg({ type: 'JSON', description: 'Settings that win over the defaults.' }),
    },
    resolve: (_root, args, { services }) => services.instances.create(createInputOf(args)),
  }),
  importPocHome: t.field({
    type: HomeImportType,
    description:
      'Makes an instance of the folder of an old one (v.PoC, both layouts). The folder itself is not touched.',
    args: {
      name: t.arg.string({ required: true, description: 'Name of the new instance.' }),
      description: t.arg.string({ description: 'What it is for.' }),
      files: t.arg({ type: [HomeFileInput], required: true, description: 'The files of the folder.' }),
      dryRun: t.arg.boolean({ description: 'Only tell what would be made of it.' }),
    },
    resolve: (_root, { name, description, files, dryRun }, { services }) =>
      services.instances.importHome(
        { name, description: description ?? undefined, files },
        { dryRun: dryRun ?? false },
      ),
  }),
  deleteInstance: t.boolean({
    ...plannedBy<{ instance: string; force?: boolean | null }>(async ({ instance, force }, { services }) => {
      await services.instances.refuseDelete(instance, force ?? false)
      return note(`the folder of ${instance} would move to the trash`)
    }),
    description:
      'Moves an instance to the trash. Refused while an operation runs, and while its cluster is alive unless forced.',
    args: { instance: t.arg.string(nameArg), force: t.arg.boolean({ description: 'Also when the cluster is alive.' }) },
    resolve: async (_root, { instance, force }, { services }) =>
      Boolean(await services.instances.delete(instance, force ?? false)),
  }),
  useContext: t.boolean({
    ...plannedBy<{ instance: string }>(async ({ instance }, { services }) => {
      const current = await services.instances.context()
      return current === instance ? [] : note(`the context would be ${instance} instead of ${current ?? 'none'}`)
    }),
    description: 'Makes an instance the current context.',
    args: { instance: t.arg.string(nameArg) },
    resolve: async (_root, { instance }, { services }) => {
      await services.instances.use(instance)
      return true
    },
  }),
}))

builder.subscriptionField('instanceChanges', (t) =>
  t.field({
    type: InstanceChangeType,
    description: 'Each change of an instance (or of any, without a name), also one made by hand on disk.',
    args: { instance: t.arg.string({ description: 'Only this one.' }) },
    subscribe: (_root, { instance }, { services }) => changesOf(services.instances, instance ?? undefined),
    resolve: (change) => change,
  }),
)

async function* changesOf(instances: InstancesService, name?: string): AsyncGenerator<InstanceChange> {
  for await (const change of instances.changes.iterate()) if (!name || change.instance === name) yield change
}
