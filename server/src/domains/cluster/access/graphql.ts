import { builder } from '../../../platform/schema-builder.ts'
import { OperationType } from '../../operations/index.ts'
import { accessKinds, type ClusterAccess, type KubeAccess, type TalosAccess } from './model.ts'
import type { ClusterAccessService } from './service.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    clusterAccess: ClusterAccessService
  }
}

const KindType = builder.enumType('AccessKind', { description: 'A file that gives access.', values: accessKinds })

const KubeAccessType = builder.objectRef<KubeAccess>('KubeAccess').implement({
  description: 'Access to Kubernetes, without the key.',
  fields: (t) => ({
    context: t.exposeString('context', { description: 'What its context is called.' }),
    server: t.exposeString('server', { description: 'Where the API is.' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its certificate ends.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
})

const TalosAccessType = builder.objectRef<TalosAccess>('TalosAccess').implement({
  description: 'Access to the machines, without the key.',
  fields: (t) => ({
    context: t.exposeString('context', { description: 'What its context is called.' }),
    endpoints: t.exposeStringList('endpoints', { description: 'Machines it dials.' }),
    nodes: t.exposeStringList('nodes', { description: 'Machines it talks about when none is named.' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its certificate ends.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
})

const AccessType = builder.objectRef<ClusterAccess>('ClusterAccess').implement({
  description: 'What gives access to a cluster.',
  fields: (t) => ({
    kubeconfig: t.field({
      type: KubeAccessType,
      nullable: true,
      description: 'To Kubernetes; absent before the bootstrap.',
      resolve: ({ kubeconfig }) => kubeconfig,
    }),
    talosconfig: t.field({
      type: TalosAccessType,
      nullable: true,
      description: 'To the machines; absent before the first is set up.',
      resolve: ({ talosconfig }) => talosconfig,
    }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const contextArg = { description: 'What its context shall be called, so that several fit into one file.' } as const

builder.queryFields((t) => ({
  clusterAccess: t.field({
    type: AccessType,
    description: 'What gives access to the cluster, and until when. No keys.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.clusterAccess.get(instance),
  }),
  kubeconfig: t.string({
    description: "The administrator's kubeconfig. It holds a key: keep it to yourself.",
    args: { instance: t.arg.string(instanceArg), context: t.arg.string(contextArg) },
    resolve: (_root, { instance, context }, { services }) => services.clusterAccess.kubeconfig(instance, context),
  }),
  talosconfig: t.string({
    description: 'The talosconfig of the machines. It holds a key: keep it to yourself.',
    args: { instance: t.arg.string(instanceArg), context: t.arg.string(contextArg) },
    resolve: (_root, { instance, context }, { services }) => services.clusterAccess.talosconfig(instance, context),
  }),
}))

builder.mutationField('renewClusterAccess', (t) =>
  t.field({
    type: OperationType,
    description:
      'Renews kubeconfig and talosconfig where they are missing or end within 30 days. The cluster is not changed.',
    args: {
      instance: t.arg.string(instanceArg),
      only: t.arg({ type: KindType, description: 'Only this one.' }),
      fresh: t.arg.boolean({ description: 'Also what is still valid.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterAccess.renew(args, via),
  }),
)
