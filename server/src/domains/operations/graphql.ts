import { planChange } from '../../operations/change-plan.ts'
import type { OperationRecord } from '../../operations/engine.ts'
import { invalid } from '../../platform/errors.ts'
import { builder } from '../../platform/schema-builder.ts'
import { LogLineType, OperationStatusType, OperationType, PlanType } from './graphql-types.ts'
import type { OperationsService } from './service.ts'

const idArg = { required: true, description: 'Id of the operation.' } as const

builder.queryFields((t) => ({
  planOperation: t.field({
    type: PlanType,
    description:
      'What an operation would do: its steps with what is done, the commands, the file differences. Changes nothing.',
    args: {
      type: t.arg.string({ required: true, description: 'Such as service.install.' }),
      input: t.arg({ type: 'JSON', required: true, description: 'What the mutation that starts it takes.' }),
    },
    resolve: (_root, { type, input }, { services }) => services.operations.plan(type, input),
  }),
  planChange: t.field({
    type: PlanType,
    description:
      'What a mutation that changes something at once would do: its input checked, and where it can be told the file differences. Changes nothing.',
    args: {
      name: t.arg.string({ required: true, description: 'Name of the mutation, such as setConfig.' }),
      input: t.arg({ type: 'JSON', required: true, description: 'Its arguments.' }),
    },
    resolve: async (_root, { name, input }, context, { schema }) => {
      const { instance } = (input ?? {}) as { instance?: unknown }
      if (typeof instance === 'string') await context.services.instances.require(instance)
      return planChange(schema, { name, input }, context)
    },
  }),
  planRetry: t.field({
    type: PlanType,
    description: 'What running an operation again would do. Changes nothing.',
    args: { id: t.arg.string(idArg) },
    resolve: (_root, { id }, { services }) => services.operations.planRetry(id),
  }),
  operation: t.field({
    type: OperationType,
    description: 'One operation.',
    args: { id: t.arg.string(idArg) },
    resolve: (_root, { id }, { services }) => services.operations.get(id),
  }),
  operationTypes: t.stringList({
    description: 'Every type of operation there is, such as cluster.bootstrap.',
    resolve: (_root, _args, { services }) => services.operations.types(),
  }),
  operations: t.field({
    type: [OperationType],
    description: 'Operations, newest first.',
    args: {
      instance: t.arg.string({ description: 'Only of this instance.' }),
      status: t.arg({ type: OperationStatusType, description: 'Only with this status.' }),
      type: t.arg.string({ description: 'Only of this type.' }),
      before: t.arg.string({ description: 'Only older than this operation: for paging.' }),
      limit: t.arg.int({ description: 'At most this many, 1–500 (default 100).' }),
    },
    resolve: (_root, { instance, status, type, before, limit }, { services }) => {
      if (limit !== undefined && limit !== null && (limit < 1 || limit > 500))
        throw invalid('limit', 'limit: 1 to 500.')
      if (before) services.operations.get(before)
      return services.operations.list({
        instance: instance ?? undefined,
        status: status ?? undefined,
        type: type ?? undefined,
        before: before ?? undefined,
        limit: limit ?? 100,
      })
    },
  }),
}))

builder.mutationFields((t) => ({
  cancelOperation: t.field({
    type: OperationType,
    description: 'Asks a running operation to stop; finished steps stay.',
    args: { id: t.arg.string(idArg) },
    resolve: (_root, { id }, { services }) => services.operations.cancel(id),
  }),
  retryOperation: t.field({
    type: OperationType,
    description: 'Runs the same work again; what is done is skipped.',
    args: { id: t.arg.string(idArg) },
    resolve: (_root, { id }, { services, via }) => services.operations.retry(id, via),
  }),
}))

builder.subscriptionFields((t) => ({
  operation: t.field({
    type: OperationType,
    description: 'An operation now, and after each change until it has ended.',
    args: { id: t.arg.string(idArg) },
    subscribe: (_root, { id }, { services }) => services.operations.watch(id),
    resolve: (record) => record,
  }),
  operationLog: t.field({
    type: LogLineType,
    description: 'Log lines after `after`, then live ones, until the operation has ended. None is lost or repeated.',
    args: { id: t.arg.string(idArg), after: t.arg.int({ description: 'Last sequence number already seen.' }) },
    subscribe: (_root, { id, after }, { services }) => services.operations.follow(id, after ?? 0),
    resolve: (line) => line,
  }),
  operations: t.field({
    type: OperationType,
    description: 'Each operation that starts, progresses or ends.',
    args: {
      instance: t.arg.string({ description: 'Only of this instance.' }),
      status: t.arg({ type: OperationStatusType, description: 'Only when it has this status.' }),
    },
    subscribe: (_root, { instance, status }, { services }) =>
      changed(services.operations, instance ?? undefined, status ?? undefined),
    resolve: (record) => record,
  }),
}))

async function* changed(
  operations: OperationsService,
  instance?: string,
  status?: string,
): AsyncGenerator<OperationRecord> {
  for await (const news of operations.news.iterate({ limit: 500 })) {
    if (news.kind !== 'state' || (instance && news.instance !== instance)) continue
    const record = operations.get(news.operation)
    if (!status || record.status === status) yield record
  }
}
