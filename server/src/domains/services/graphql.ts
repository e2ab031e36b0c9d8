import { plannedBy } from '../../operations/change-plan.ts'
import { invalid } from '../../platform/errors.ts'
import { builder } from '../../platform/schema-builder.ts'
import { SettingType } from '../catalog/index.ts'
import { type Pod, runStatuses } from '../objects/index.ts'
import { OperationType } from '../operations/index.ts'
import { SecretKindType } from '../secrets/index.ts'
import type { ConfigureInput, Related, Service, ServiceSecret } from './model.ts'
import type { ServicesService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    services: ServicesService
  }
}

export const RunStatusType = builder.enumType('RunStatus', {
  description: 'How a service or an app is doing.',
  values: runStatuses,
})

export const PodType = builder.objectRef<Pod>('Pod').implement({
  description: 'One running copy of something.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    status: t.exposeString('status', { description: 'Its phase, or what a container of it waits for.' }),
    ready: t.exposeBoolean('ready', { description: 'Does it answer?' }),
    restarts: t.exposeInt('restarts', { description: 'How often its containers were started again.' }),
  }),
})

const RelatedType = builder.objectRef<Related>('RelatedService').implement({
  description: 'A service another one has to do with.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    status: t.field({ type: RunStatusType, description: 'How it is doing.', resolve: ({ status }) => status }),
  }),
})

const SecretType = builder.objectRef<ServiceSecret>('ServiceSecret').implement({
  description: 'A secret a service uses.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is kept.' }),
    kind: t.field({ type: SecretKindType, description: 'Where it comes from.', resolve: ({ kind }) => kind }),
    optional: t.exposeBoolean('optional', { description: 'The service works without it.' }),
    description: t.string({ nullable: true, description: 'What it is for.', resolve: (secret) => secret.description }),
    isSet: t.exposeBoolean('isSet', { description: 'Is there one?' }),
  }),
})

const ServiceType = builder.objectRef<Service>('Service').implement({
  description: 'Infrastructure in the cluster that apps rely on.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    about: t.string({ nullable: true, description: 'What it is for in more words.', resolve: ({ about }) => about }),
    status: t.field({ type: RunStatusType, description: 'How it is doing.', resolve: ({ status }) => status }),
    version: t.exposeString('version', {
      description: 'The version it was installed with, else the one in the catalog.',
    }),
    newVersion: t.string({
      nullable: true,
      description: 'Another version in the catalog: an update takes it there.',
      resolve: ({ newVersion }) => newVersion,
    }),
    namespace: t.exposeString('namespace', { description: 'Namespace it runs in.' }),
    core: t.exposeBoolean('core', { description: 'Nothing works without it.' }),
    onRequest: t.exposeBoolean('onRequest', { description: 'Installed only when asked for by name.' }),
    pods: t.int({ description: 'How many pods it has.', resolve: ({ pods }) => pods.length }),
    healthyPods: t.int({
      description: 'How many of them answer.',
      resolve: ({ pods }) => pods.filter(({ ready }) => ready).length,
    }),
    podList: t.field({ type: [PodType], description: 'Its pods.', resolve: ({ pods }) => pods }),
    dependencies: t.exposeStringList('dependencies', { description: 'Services it needs.' }),
    dependencyList: t.field({
      type: [RelatedType],
      description: 'Services it needs, and how they are doing.',
      resolve: ({ needs }) => needs,
    }),
    dependentList: t.field({
      type: [RelatedType],
      description: 'Services that need it.',
      resolve: ({ neededBy }) => neededBy,
    }),
    settingsOnly: t.exposeBoolean('settingsOnly', {
      description: 'Nothing of it is in the cluster: apps read its settings.',
    }),
    takesToken: t.exposeBoolean('takesToken', { description: 'People log in to it with a token.' }),
    settings: t.field({
      type: [SettingType],
      description: 'The settings it asks for, with what they are.',
      resolve: ({ instance, name }, _args, { services }) => services.services.settings(instance, name),
    }),
    secrets: t.field({
      type: [SecretType],
      description: 'Its secrets, without values.',
      resolve: ({ instance, name }, _args, { services }) => services.services.secrets(instance, name),
    }),
    missingSettings: t.exposeStringList('missingSettings', {
      description: 'Keys of config.yaml it cannot be installed without, that are not set and have no default.',
    }),
    missingSecrets: t.exposeStringList('missingSecrets', {
      description: 'Secrets it cannot be installed without, that nobody gave.',
    }),
    trouble: t.string({
      nullable: true,
      description: 'What is wrong, in plain words.',
      resolve: ({ trouble }) => trouble,
    }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const fetchArg = { description: 'Copy fresh templates from the catalog into the instance first.' } as const
const deployArg = { description: 'false: only write the files (default true).' } as const

builder.queryFields((t) => ({
  services: t.field({
    type: [ServiceType],
    description: 'The services of the catalog and how they are doing.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.services.list(instance),
  }),
  service: t.field({
    type: ServiceType,
    description: 'One service.',
    args: { instance: t.arg.string(instanceArg), service: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (_root, { instance, service }, { services }) => services.services.get(instance, service),
  }),
}))

interface ConfigureArgs {
  instance: string
  service: string
  config?: unknown
}

function configureInput({ config, ...rest }: ConfigureArgs): ConfigureInput {
  if (config !== undefined && config !== null && (typeof config !== 'object' || Array.isArray(config)))
    throw invalid('config', 'config: send an object.')
  return { ...rest, config: (config ?? {}) as Record<string, unknown> }
}

builder.mutationFields((t) => ({
  installService: t.field({
    type: OperationType,
    description: 'Installs a service, what it needs first. Running it again skips what is done.',
    args: {
      instance: t.arg.string(instanceArg),
      name: t.arg.string({ required: true, description: 'Its name.' }),
      fetch: t.arg.boolean(fetchArg),
      deploy: t.arg.boolean(deployArg),
    },
    resolve: (_root, { instance, name, fetch, deploy }, { services, via }) =>
      services.services.install({ instance, name, fetch: fetch ?? undefined, deploy: deploy ?? undefined }, via),
  }),
  installAllServices: t.field({
    type: OperationType,
    description: 'Installs every service in dependency order. Optional ones that fail do not stop it.',
    args: { instance: t.arg.string(instanceArg), fetch: t.arg.boolean(fetchArg), deploy: t.arg.boolean(deployArg) },
    resolve: (_root, { instance, fetch, deploy }, { services, via }) =>
      services.services.installAll({ instance, fetch: fetch ?? undefined, deploy: deploy ?? undefined }, via),
  }),
  configureService: t.field({
    ...plannedBy<ConfigureArgs>(async (args, { services }) => {
      const diff = await services.services.planConfigure(configureInput(args))
      return diff ? [{ kind: 'file', text: 'config.yaml', diff }] : []
    }),
    type: ServiceType,
    description: 'Writes settings of a service into config.yaml, checked against its manifest. Starts nothing.',
    args: {
      instance: t.arg.string(instanceArg),
      service: t.arg.string({ required: true, description: 'Its name.' }),
      config: t.arg({ type: 'JSON', description: 'Settings by their keys in config.yaml.' }),
    },
    resolve: (_root, args, { services, via }) => services.services.configure(configureInput(args), via),
  }),
  updateService: t.field({
    type: OperationType,
    description:
      'Takes a service to other settings or to the version of the catalog. Files edited by hand are merged, never overwritten.',
    args: {
      instance: t.arg.string(instanceArg),
      service: t.arg.string({ required: true, description: 'Its name.' }),
      version: t.arg.string({ description: 'The version expected in the catalog; another one is refused.' }),
      config: t.arg({ type: 'JSON', description: 'Settings to change, by their keys in config.yaml.' }),
      fetch: t.arg.boolean({ description: 'Bring the copy of the templates up to date (default: when there is one).' }),
      deploy: t.arg.boolean(deployArg),
      force: t.arg.boolean({
        description:
          'The new text wins where a file edited by hand changes the same lines; the edited one is put aside.',
      }),
      dryRun: t.arg.boolean({ description: 'Only say what would change in the cluster.' }),
    },
    resolve: (_root, { instance, service, version, config, fetch, deploy, force, dryRun }, { services, via }) =>
      services.services.update(
        {
          instance,
          service,
          version: version ?? undefined,
          config: (config ?? undefined) as Record<string, unknown> | undefined,
          fetch: fetch ?? undefined,
          deploy: deploy ?? undefined,
          force: force ?? undefined,
          dryRun: dryRun ?? undefined,
        },
        via,
      ),
  }),
  deleteService: t.field({
    type: OperationType,
    description: 'Deletes a service with everything it brought into the cluster.',
    args: {
      instance: t.arg.string(instanceArg),
      service: t.arg.string({ required: true, description: 'Its name.' }),
      force: t.arg.boolean({ description: 'Also while something needs it.' }),
    },
    resolve: (_root, { instance, service, force }, { services, via }) =>
      services.services.delete({ instance, service, force: force ?? undefined }, via),
  }),
}))
