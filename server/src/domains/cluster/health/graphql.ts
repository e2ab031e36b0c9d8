import { builder } from '../../../platform/schema-builder.ts'
import { HealthStatusType } from '../graphql.ts'
import {
  type CertificateFact,
  type ClusterHealth,
  checkStatuses,
  type HealthCheck,
  type HealthEvent,
} from '../model.ts'
import type { HealthService } from './service.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    health: HealthService
  }
}

const CheckStatusType = builder.enumType('CheckStatus', { description: 'What a check found.', values: checkStatuses })
const CertificateKindType = builder.enumType('CertificateKind', {
  description: 'Of a file of this instance, of an authority that signs others, or of a service in the cluster.',
  values: ['client', 'authority', 'service'] as const,
})

const HealthCheckType = builder.objectRef<HealthCheck>('HealthCheck').implement({
  description: 'One thing that was looked at.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What was looked at.' }),
    status: t.field({ type: CheckStatusType, description: 'What was found.', resolve: ({ status }) => status }),
    message: t.exposeString('message', { description: 'What was found, in words.' }),
    remedy: t.exposeString('remedy', { description: 'What to do about it; empty when it passes.' }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is so; absent before the first look.',
      resolve: ({ since }) => since,
    }),
  }),
})

const CertificateType = builder.objectRef<CertificateFact>('ClusterCertificate').implement({
  description: 'A certificate the cluster, or who administers it, depends on.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    kind: t.field({ type: CertificateKindType, description: 'Whose it is.', resolve: ({ kind }) => kind }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; absent when it was not issued yet.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    problem: t.string({ nullable: true, description: 'Why it is not usable.', resolve: ({ problem }) => problem }),
  }),
})

const ClusterHealthType = builder.objectRef<ClusterHealth>('ClusterHealth').implement({
  description: 'How well a cluster is.',
  fields: (t) => ({
    status: t.field({
      type: HealthStatusType,
      description: 'All checks in one word.',
      resolve: ({ status }) => status,
    }),
    checks: t.field({ type: [HealthCheckType], description: 'The checks.', resolve: ({ checks }) => checks }),
    certificates: t.field({
      type: [CertificateType],
      description: 'Certificates with their ends.',
      resolve: ({ certificates }) => certificates ?? [],
    }),
    checkedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When this was looked at; absent before the bootstrap.',
      resolve: ({ checkedAt }) => checkedAt,
    }),
  }),
})

const HealthEventType = builder.objectRef<HealthEvent>('HealthEvent').implement({
  description: 'A check that changed its verdict.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What was looked at.' }),
    status: t.field({
      type: CheckStatusType,
      description: 'What was found from then on.',
      resolve: ({ status }) => status,
    }),
    message: t.exposeString('message', { description: 'What was found, in words.' }),
    at: t.field({ type: 'DateTime', description: 'When it was noticed.', resolve: ({ at }) => at }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const

builder.queryFields((t) => ({
  clusterHealth: t.field({
    type: ClusterHealthType,
    description: 'Health checks of the cluster, looked at just now, with remedies.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.health.look(instance),
  }),
  clusterHealthEvents: t.field({
    type: [HealthEventType],
    description: 'Health checks that changed their verdict, newest first.',
    args: {
      instance: t.arg.string(instanceArg),
      limit: t.arg.int({ description: 'At most this many; 50 when left out.' }),
    },
    resolve: (_root, { instance, limit }, { services }) => services.health.events(instance, limit ?? undefined),
  }),
}))

builder.subscriptionField('clusterHealth', (t) =>
  t.field({
    type: ClusterHealthType,
    description: 'Health of the cluster: what is remembered at once, then each look at it.',
    args: { instance: t.arg.string(instanceArg) },
    subscribe: (_root, { instance }, { services }) => services.health.follow(instance),
    resolve: (health) => health,
  }),
)
