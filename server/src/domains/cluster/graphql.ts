import { builder } from '../../platform/schema-builder.ts'
import { OperationType } from '../operations/index.ts'
import { type Cluster, type ClusterComponents, clusterStatuses, healthStatuses } from './model.ts'
import type { ClusterService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    cluster: ClusterService
  }
}

const ClusterStatusType = builder.enumType('ClusterStatus', {
  description: 'How a cluster is right now.',
  values: clusterStatuses,
})
export const HealthStatusType = builder.enumType('HealthStatus', {
  description: 'How well something is.',
  values: healthStatuses,
})

const ComponentsType = builder.objectRef<ClusterComponents>('ClusterComponents').implement({
  description: 'How the parts of the control plane are.',
  fields: (t) => ({
    apiServer: t.field({
      type: HealthStatusType,
      description: 'The Kubernetes API server.',
      resolve: ({ apiServer }) => apiServer,
    }),
    etcd: t.field({ type: HealthStatusType, description: 'The database of the cluster.', resolve: ({ etcd }) => etcd }),
    scheduler: t.field({
      type: HealthStatusType,
      description: 'What places pods on nodes.',
      resolve: ({ scheduler }) => scheduler,
    }),
    controllerManager: t.field({
      type: HealthStatusType,
      description: 'What keeps the cluster as it was asked to be.',
      resolve: ({ controllerManager }) => controllerManager,
    }),
  }),
})

const ClusterType = builder.objectRef<Cluster>('Cluster').implement({
  description: 'The Kubernetes cluster of an instance.',
  fields: (t) => ({
    status: t.field({ type: ClusterStatusType, description: 'How it is right now.', resolve: ({ status }) => status }),
    nodes: t.exposeInt('nodes', { description: 'How many nodes it has.' }),
    controlPlaneNodes: t.exposeInt('controlPlaneNodes', { description: 'How many of them are control planes.' }),
    workerNodes: t.exposeInt('workerNodes', { description: 'How many of them are workers.' }),
    kubernetesVersion: t.string({
      nullable: true,
      description: 'Its Kubernetes version.',
      resolve: (cluster) => cluster.kubernetesVersion,
    }),
    talosVersion: t.string({
      nullable: true,
      description: 'The Talos version of its nodes.',
      resolve: (cluster) => cluster.talosVersion,
    }),
    components: t.field({
      type: ComponentsType,
      description: 'How the parts of its control plane are.',
      resolve: ({ components }) => components,
    }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const

builder.queryFields((t) => ({
  cluster: t.field({
    type: ClusterType,
    description: 'How the cluster is right now.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.cluster.get(instance),
  }),
}))

builder.mutationFields((t) => ({
  generateClusterConfig: t.boolean({
    description: "Makes the cluster's secrets and base machine configurations, once. False when they were there.",
    args: {
      instance: t.arg.string(instanceArg),
      clusterName: t.arg.string({ description: 'Name of the cluster; that of the configuration when left out.' }),
      vip: t.arg.string({ description: 'Virtual address of the API; that of the configuration when left out.' }),
      version: t.arg.string({ description: 'Talos version; that of the configuration when left out.' }),
    },
    resolve: (_root, { instance, ...input }, { services, via }) =>
      services.cluster.generateConfig(instance, input, { via, reason: 'cluster config generate' }),
  }),
  bootstrapCluster: t.field({
    type: OperationType,
    description: 'Starts the cluster on a control plane node and waits until it is healthy.',
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string({
        description: 'The control plane node to start on; the first that is set up when left out.',
      }),
    },
    resolve: (_root, { instance, node }, { services, via }) =>
      services.cluster.bootstrap(instance, node ?? undefined, via),
  }),
}))

builder.subscriptionField('cluster', (t) =>
  t.field({
    type: ClusterType,
    description: 'The cluster: how it is now, then again whenever that became something else.',
    args: { instance: t.arg.string(instanceArg) },
    subscribe: (_root, { instance }, { services }) => services.cluster.follow(instance),
    resolve: (cluster) => cluster,
  }),
)
