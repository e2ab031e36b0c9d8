import { builder } from '../../platform/schema-builder.ts'
import { type Pod, runStatuses } from '../objects/index.ts'
import { OperationType } from '../operations/index.ts'
import type { Service } from './model.ts'
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

const ServiceType = builder.objectRef<Service>('Service').implement({
  description: 'Infrastructure in the cluster that apps rely on.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
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
