import { plannedBy } from '../../operations/change-plan.ts'
import { invalid } from '../../platform/errors.ts'
import { builder } from '../../platform/schema-builder.ts'
import { SettingType } from '../catalog/index.ts'
import { OperationType } from '../operations/index.ts'
import { PodType, RunStatusType } from '../services/index.ts'
import { CatalogAppType, ProposalType } from './catalog/graphql.ts'
import type { App } from './model.ts'
import type { AppsService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    apps: AppsService
  }
}

const DependencyType = builder.objectRef<App['dependencies'][number]>('AppDependency').implement({
  description: 'An app another one needs.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    status: t.field({ type: RunStatusType, description: 'How it is doing.', resolve: ({ status }) => status }),
  }),
})

export const AppType = builder.objectRef<App>('App').implement({
  description: 'An app that was added to an instance.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    status: t.field({ type: RunStatusType, description: 'How it is doing.', resolve: ({ status }) => status }),
    version: t.exposeString('version', { description: 'The version it was added with.' }),
    newVersion: t.string({
      nullable: true,
      description: 'Another version in the catalog: an update takes it there.',
      resolve: ({ newVersion }) => newVersion,
    }),
    namespace: t.exposeString('namespace', { description: 'Namespace it runs in.' }),
    url: t.string({ nullable: true, description: 'Where it is found.', resolve: ({ url }) => url }),
    pods: t.int({ description: 'How many pods it has.', resolve: ({ pods }) => pods.length }),
    healthyPods: t.int({
      description: 'How many of them answer.',
      resolve: ({ pods }) => pods.filter(({ ready }) => ready).length,
    }),
    podList: t.field({ type: [PodType], description: 'Its pods.', resolve: ({ pods }) => pods }),
    dependencyList: t.field({
      type: [DependencyType],
      description: 'What it needs, and how that is doing.',
      resolve: ({ dependencies }) => dependencies,
    }),
    config: t.field({ type: 'JSON', description: 'Its settings.', resolve: ({ config }) => config }),
    settings: t.field({
      type: [SettingType],
      description: 'Its settings, each with its type and what it is now.',
      resolve: ({ settings }) => settings,
    }),
    trouble: t.string({
      nullable: true,
      description: 'What is wrong, in plain words.',
      resolve: ({ trouble }) => trouble,
    }),
    notes: t.string({ nullable: true, description: 'What to do once it runs.', resolve: ({ notes }) => notes }),
  }),
})

/** Settings as an object. Throws INVALID_INPUT for anything else. */
function settings(config: unknown): Record<string, unknown> {
  if (config === undefined || config === null) return {}
  if (typeof config !== 'object' || Array.isArray(config)) throw invalid('config', 'config: send an object.')
  return config as Record<string, unknown>
}

interface AddArgs {
  instance: string
  name: string
  force?: boolean | null
  config?: unknown
}

/** What a person asked for, as the service takes it. */
const addInputOf = ({ instance, name, force, config }: AddArgs) => ({
  ...{ instance, name, force: force ?? false },
  config: settings(config),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const appArg = { required: true, description: 'Name of the app.' } as const

builder.queryFields((t) => ({
  catalogApps: t.field({
    type: [CatalogAppType],
    description: 'Apps that can be added.',
    resolve: (_root, _args, { services }) => services.apps.catalog(),
  }),
  catalogApp: t.field({
    type: CatalogAppType,
    description: 'One app of the catalog.',
    args: { app: t.arg.string(appArg) },
    resolve: (_root, { app }, { services }) => services.apps.catalogApp(app),
  }),
  appProposal: t.field({
    type: ProposalType,
    description: 'What adding an app to an instance, or adding it again, would set and need. Changes nothing.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      config: t.arg({ type: 'JSON', description: 'Settings to add it with.' }),
    },
    resolve: (_root, { instance, app, config }, { services }) =>
      services.apps.proposal(instance, app, settings(config)),
  }),
  apps: t.field({
    type: [AppType],
    description: 'Apps that were added to an instance.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.apps.list(instance),
  }),
  app: t.field({
    type: AppType,
    description: 'One app of an instance.',
    args: { instance: t.arg.string(instanceArg), app: t.arg.string(appArg) },
    resolve: (_root, { instance, app }, { services }) => services.apps.get(instance, app),
  }),
}))

builder.mutationFields((t) => ({
  addApp: t.field({
    ...plannedBy<AddArgs>((args, { services }) => services.apps.plannedAdd(addInputOf(args))),
    type: AppType,
    description:
      'Writes settings (what you set wins over defaults), secrets and files of an app and of what it needs. Starts nothing.',
    args: {
      instance: t.arg.string(instanceArg),
      name: t.arg.string(appArg),
      force: t.arg.boolean({ description: 'Render again; files you edited are kept all the same.' }),
      config: t.arg({ type: 'JSON', description: 'Settings.' }),
    },
    resolve: (_root, args, { services, via }) => services.apps.add(addInputOf(args), via),
  }),
  configureApp: t.field({
    type: AppType,
    description: 'Changes settings of an added app and writes its files anew. Starts nothing; an update does.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      force: t.arg.boolean({ description: 'Take the files of another version in the catalog too.' }),
      config: t.arg({ type: 'JSON', description: 'Settings to change.' }),
    },
    resolve: (_root, { instance, app, force, config }, { services, via }) =>
      services.apps.configure({ instance, name: app, force: force ?? false, config: settings(config) }, via),
  }),
  updateApp: t.field({
    type: OperationType,
    description:
      'Takes an app to other settings or to the version of the catalog, and back when it does not become ready. Files edited by hand are merged, never overwritten.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      config: t.arg({ type: 'JSON', description: 'Settings to change.' }),
      force: t.arg.boolean({
        description:
          'The new text wins where a file edited by hand changes the same lines; the edited one is put aside.',
      }),
      deploy: t.arg.boolean({ description: 'false: only write settings and files (default true).' }),
      dryRun: t.arg.boolean({ description: 'Only say what would change in the cluster.' }),
    },
    resolve: (_root, { instance, app, config, force, deploy, dryRun }, { services, via }) =>
      services.apps.update(
        {
          instance,
          app,
          config: settings(config),
          force: force ?? undefined,
          deploy: deploy ?? undefined,
          dryRun: dryRun ?? undefined,
        },
        via,
      ),
  }),
  deployApp: t.field({
    type: OperationType,
    description: 'Starts an app, what it needs first. Running it again skips what is done.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      force: t.arg.boolean({ description: 'Apply everything again, and run its jobs again.' }),
      dryRun: t.arg.boolean({ description: 'Only say what would change.' }),
      add: t.arg.boolean({ description: 'Add it first when it is not there yet.' }),
      config: t.arg({ type: 'JSON', description: 'Settings to add it with.' }),
    },
    resolve: (_root, { instance, app, force, dryRun, add, config }, { services, via }) =>
      services.apps.deploy(
        {
          instance,
          app,
          force: force ?? undefined,
          dryRun: dryRun ?? undefined,
          add: add ?? undefined,
          config: settings(config),
        },
        via,
      ),
  }),
  deleteApp: t.field({
    type: OperationType,
    description: 'Deletes an app. Its volumes, secrets and settings stay, and are found when it is added again.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      force: t.arg.boolean({ description: 'Also while other apps need it.' }),
      deleteData: t.arg.boolean({ description: 'Delete its volumes and secrets too: they cannot be brought back.' }),
    },
    resolve: (_root, { instance, app, force, deleteData }, { services, via }) =>
      services.apps.delete({ instance, app, force: force ?? undefined, deleteData: deleteData ?? undefined }, via),
  }),
}))
