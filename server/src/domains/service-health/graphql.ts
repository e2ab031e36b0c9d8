import { builder } from '../../platform/schema-builder.ts'
import { type ServiceCheck, type ServiceHealth, serviceCheckStatuses, serviceVerdicts } from './model.ts'
import type { ServiceHealthService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    serviceHealth: ServiceHealthService
  }
}

const StatusType = builder.enumType('ServiceCheckStatus', {
  description: 'What a check of a service found.',
  values: serviceCheckStatuses,
})
const VerdictType = builder.enumType('ServiceVerdict', {
  description: 'How well a service is.',
  values: serviceVerdicts,
})

const CheckType = builder.objectRef<ServiceCheck>('ServiceCheck').implement({
  description: 'One thing about a service that was looked at.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What was looked at.' }),
    status: t.field({ type: StatusType, description: 'What was found.', resolve: ({ status }) => status }),
    message: t.exposeString('message', { description: 'What was found, in words.' }),
    remedy: t.exposeString('remedy', { description: 'What to do about it; empty when it passes.' }),
  }),
})

const HealthType = builder.objectRef<ServiceHealth>('ServiceHealth').implement({
  description: 'How well one service is.',
  fields: (t) => ({
    service: t.exposeString('service', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    core: t.exposeBoolean('core', { description: 'Every cluster has it.' }),
    status: t.field({ type: VerdictType, description: 'All checks in one word.', resolve: ({ status }) => status }),
    checks: t.field({ type: [CheckType], description: 'The checks.', resolve: ({ checks }) => checks }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const

builder.queryFields((t) => ({
  servicesHealth: t.field({
    type: [HealthType],
    description: 'How well the installed services are, and core ones that are not installed. Looked at now.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.serviceHealth.all(instance),
  }),
  serviceHealth: t.field({
    type: HealthType,
    description: 'How well one service is. Looked at now.',
    args: { instance: t.arg.string(instanceArg), service: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (_root, { instance, service }, { services }) => services.serviceHealth.of(instance, service),
  }),
}))
