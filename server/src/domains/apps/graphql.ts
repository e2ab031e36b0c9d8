import { invalid } from '../../platform/errors.ts'
import { builder } from '../../platform/schema-builder.ts'
import { OperationType } from '../operations/index.ts'
import { PodType, RunStatusType } from '../services/index.ts'
import type { App } from './model.ts'
import type { AppsService, CatalogApp } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    apps: AppsService
  }
}

const CatalogAppType = builder.objectRef<CatalogApp>('CatalogApp').implement({
  description: 'An app that can be added.',
  fields: (t) => ({
    name: t.string({ description: 'Its name.', resolve: ({ name }) => name }),
    title: t.string({ description: 'Its name for people.', resolve: ({ title }) => title }),
    description: t.string({ description: 'What it is for.', resolve: ({ description }) => description }),
    version: t.string({ description: 'Its version.', resolve: ({ version }) => version }),
    category: t.string({ description: 'What kind of app it is.', resolve: ({ category }) => category }),
    dependencies: t.stringList({
      description: 'Apps that come with it.',
      resolve: ({ dependsOn }) => dependsOn,
    }),
    icon: t.string({ description: 'Path of its icon.', resolve: ({ name }) => `/icons/apps/${name}.svg` }),
    links: t.field({ type: 'JSON', description: 'Where to read more.', resolve: ({ links }) => links }),
    defaultConfig: t.field({
      type: 'JSON',
      description: 'Its settings with their defaults, templates as written.',
      resolve: ({ defaultConfig }) => defaultConfig,
    }),
    requiredSecrets: t.stringList({
      description: 'Paths of the secrets it uses.',
      resolve: ({ requiredSecrets }) => requiredSecrets,
    }),
  }),
})

const DependencyType = builder.objectRef<App['dependencies'][number]>('AppDependency').implement({
  description: 'An app another one needs.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    status: t.field({ type: RunStatusType, description: 'How it is doing.', resolve: ({ status }) => status }),
  }),
})

const AppType = builder.objectRef<App>('App').implement({
  description: 'An app that was added to an instance.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    status: t.field({ type: RunStatusType, description: 'How it is doing.', resolve: ({ status }) => status }),
    version: t.exposeString('version', { description: 'Its version.' }),
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
    trouble: t.string({
      nullable: true,
      description: 'What is wrong, in plain words.',
      resolve: ({ trouble }) => trouble,
    }),
    notes: t.string({ nullable: true, description: 'What to do once it runs.', resolve: ({ notes }) => notes }),
  }),
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
    type: AppType,
    description:
      'Writes settings (what you set wins over defaults), secrets and files of an app and of what it needs. Starts nothing.',
    args: {
      instance: t.arg.string(instanceArg),
      name: t.arg.string(appArg),
      force: t.arg.boolean({ description: 'Render again; files you edited are kept all the same.' }),
      config: t.arg({ type: 'JSON', description: 'Settings.' }),
    },
    resolve: (_root, { instance, name, force, config }, { services, via }) => {
      if (config !== undefined && config !== null && (typeof config !== 'object' || Array.isArray(config)))
        throw invalid('config', 'config: send an object.')
      return services.apps.add(
        { instance, name, force: force ?? false, config: (config ?? {}) as Record<string, unknown> },
        via,
      )
    },
  }),
  deployApp: t.field({
    type: OperationType,
    description: 'Starts an app, what it needs first. Running it again skips what is done.',
    args: {
      instance: t.arg.string(instanceArg),
      app: t.arg.string(appArg),
      force: t.arg.boolean({ description: 'Apply everything again, and run its jobs again.' }),
      dryRun: t.arg.boolean({ description: 'Only say what would change.' }),
    },
    resolve: (_root, { instance, app, force, dryRun }, { services, via }) =>
      services.apps.deploy({ instance, app, force: force ?? undefined, dryRun: dryRun ?? undefined }, via),
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
