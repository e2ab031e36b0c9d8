import type { PlannedChange } from '../../operations/define.ts'
import {
  type Account,
  type LogLine,
  logStreams,
  type OperationFailure,
  type OperationRecord,
  operationStatuses,
  type Plan,
  type PlannedStep,
  plannedStates,
  type StepRecord,
  stepStates,
} from '../../operations/engine.ts'
import { doors } from '../../platform/door.ts'
import { builder } from '../../platform/schema-builder.ts'
import type { OperationsService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    operations: OperationsService
  }
}

export const OperationStatusType = builder.enumType('OperationStatus', {
  description: 'pending = created, not started; there is no queue.',
  values: operationStatuses,
})
const StepStateType = builder.enumType('StepState', {
  description: 'skipped = was already done; blocked = not started because something before it failed.',
  values: stepStates,
})
const LogStreamType = builder.enumType('LogStream', { description: 'Where a log line comes from.', values: logStreams })
const DoorType = builder.enumType('Door', { description: 'How a request came in.', values: doors })

const StepType = builder.objectRef<StepRecord>('Step').implement({
  description: 'One step of an operation.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Its path in the list, such as metallb/install.' }),
    parent: t.string({ nullable: true, description: 'The step it belongs to.', resolve: ({ parent }) => parent }),
    title: t.exposeString('title', { description: 'What it does.' }),
    state: t.field({ type: StepStateType, description: 'How far it is.', resolve: ({ state }) => state }),
    progress: t.exposeInt('progress', { description: '0–100.' }),
    message: t.string({ nullable: true, description: 'What it last said.', resolve: ({ message }) => message }),
    attempt: t.exposeInt('attempt', { description: 'Which try this is.' }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it started.',
      resolve: ({ startedAt }) => startedAt,
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
      resolve: ({ endedAt }) => endedAt,
    }),
  }),
})

const FailureType = builder.objectRef<OperationFailure>('OperationFailure').implement({
  description: 'Why an operation did not complete.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'For machines.' }),
    message: t.exposeString('message', { description: 'For people: what happened, then what to do.' }),
    details: t.field({
      type: 'JSON',
      description: 'Command, exit code, output… never a secret.',
      resolve: ({ details }) => details,
    }),
  }),
})

export const LogLineType = builder.objectRef<LogLine>('LogLine').implement({
  description: 'One line of an operation’s log; secrets are masked.',
  fields: (t) => ({
    seq: t.exposeInt('seq', { description: '1, 2, 3… per operation, without gaps. Resume with it.' }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
    stream: t.field({ type: LogStreamType, description: 'Where it comes from.', resolve: ({ stream }) => stream }),
    step: t.string({ nullable: true, description: 'Step it belongs to.', resolve: ({ step }) => step }),
    message: t.exposeString('message', { description: 'The text.' }),
  }),
})

const AccountType = builder.objectRef<Account>('OperationAccount').implement({
  description: 'An operation told to a person.',
  fields: (t) => ({
    happened: t.exposeString('happened', { description: 'What happened, in a sentence.' }),
    step: t.field({
      type: StepType,
      nullable: true,
      description: 'The step it failed or was stopped at, or the one that runs.',
      resolve: ({ step }) => step,
    }),
    command: t.string({
      nullable: true,
      description: 'The command that step ran last.',
      resolve: ({ command }) => command,
    }),
    output: t.exposeStringList('output', { description: 'The last lines it printed.' }),
    state: t.exposeStringList('state', { description: 'What state things are in.' }),
    next: t.exposeStringList('next', { description: 'What to do next.' }),
    retry: t.string({
      nullable: true,
      description: 'The command that runs it again; none while it runs.',
      resolve: ({ retry }) => retry,
    }),
  }),
})

export const OperationType = builder.objectRef<OperationRecord>('Operation').implement({
  description: 'One long piece of work: its steps, its log, how it ended. Running it again skips what is done.',
  fields: (t) => ({
    operationId: t.exposeString('id', { description: 'Its id.' }),
    type: t.exposeString('type', { description: 'Such as cluster.bootstrap.' }),
    title: t.exposeString('title', { description: 'For people.' }),
    instance: t.string({
      nullable: true,
      description: 'The instance it works on.',
      resolve: ({ instance }) => instance,
    }),
    target: t.string({
      nullable: true,
      description: 'The node, service or app it works on.',
      resolve: ({ target }) => target,
    }),
    input: t.field({ type: 'JSON', description: 'What it was asked, masked.', resolve: ({ input }) => input }),
    status: t.field({ type: OperationStatusType, description: 'How it is.', resolve: ({ status }) => status }),
    progress: t.exposeInt('progress', { description: '0–100, from the steps.' }),
    message: t.exposeString('message', { description: 'What it is doing, or how it ended.' }),
    steps: t.field({
      type: [StepType],
      description: 'Its steps, parents before children.',
      resolve: ({ steps }) => steps,
    }),
    result: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What came out of it.',
      resolve: ({ result }) => result,
    }),
    error: t.field({ type: FailureType, nullable: true, description: 'Why it failed.', resolve: ({ error }) => error }),
    warnings: t.exposeStringList('warnings', { description: 'What a person may want to know although it went on.' }),
    via: t.field({ type: DoorType, description: 'Which door it was asked through.', resolve: ({ via }) => via }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was asked for.',
      resolve: ({ createdAt }) => createdAt,
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it started.',
      resolve: ({ startedAt }) => startedAt,
    }),
    completedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
      resolve: ({ completedAt }) => completedAt,
    }),
    lines: t.field({
      type: [LogLineType],
      description: 'Its log.',
      args: {
        after: t.arg.int({ description: 'Only lines with a higher sequence number.' }),
        limit: t.arg.int({ description: 'At most this many (default and most 1000).' }),
      },
      resolve: ({ id }, { after, limit }, { services }) =>
        services.operations.lines(id, after ?? 0, Math.min(limit ?? 1000, 1000)),
    }),
    script: t.string({
      description: 'The commands it ran, as a runnable shell script; secrets are variables to fill in.',
      resolve: ({ id }, _args, { services }) => services.operations.script(id),
    }),
    usualMs: t.int({
      nullable: true,
      description:
        'How long operations of this type usually take on this device, in milliseconds; learnt from earlier ones.',
      resolve: ({ type }, _args, { services }) => services.operations.usualMs(type),
    }),
    account: t.field({
      type: AccountType,
      description: 'What happened, what state things are in, and what to do next.',
      resolve: (record, _args, { services }) => services.operations.account(record),
    }),
    logs: t.stringList({
      description: 'The last 100 log lines, text only.',
      resolve: ({ id }, _args, { services }) => services.operations.lastLines(id, 100).map(({ message }) => message),
    }),
  }),
})

const PlannedStateType = builder.enumType('PlannedState', {
  description: 'What would become of a step: nothing to do, it would run, or something it needs is missing.',
  values: plannedStates,
})

const PlannedChangeType = builder.objectRef<PlannedChange>('PlannedChange').implement({
  description: 'One thing a step would do.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'command, file, object or note.' }),
    text: t.exposeString('text', { description: 'In words, or the command.' }),
    diff: t.string({ nullable: true, description: 'Unified diff of a file.', resolve: ({ diff }) => diff }),
  }),
})

const PlannedStepType = builder.objectRef<PlannedStep>('PlannedStep').implement({
  description: 'One step as it would go.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Its path in the list.' }),
    parent: t.string({ nullable: true, description: 'The step it belongs to.', resolve: ({ parent }) => parent }),
    title: t.exposeString('title', { description: 'What it does.' }),
    state: t.field({ type: PlannedStateType, description: 'What would become of it.', resolve: ({ state }) => state }),
    reason: t.string({
      nullable: true,
      description: 'Why it is done, or what is missing.',
      resolve: ({ reason }) => reason,
    }),
    changes: t.field({
      type: [PlannedChangeType],
      description: 'What it would do.',
      resolve: ({ changes }) => changes,
    }),
  }),
})

export const PlanType = builder.objectRef<Plan>('Plan').implement({
  description: 'What an operation would do, without doing it.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Such as cluster.bootstrap.' }),
    title: t.exposeString('title', { description: 'For people.' }),
    instance: t.string({
      nullable: true,
      description: 'The instance it would work on.',
      resolve: ({ instance }) => instance,
    }),
    usualMs: t.int({
      nullable: true,
      description:
        'How long operations of this type usually take on this device, in milliseconds; none when too few have run.',
      resolve: ({ type }, _args, { services }) => services.operations.usualMs(type),
    }),
    nothingToDo: t.exposeBoolean('nothingToDo', { description: 'Everything is done already.' }),
    steps: t.field({
      type: [PlannedStepType],
      description: 'Its steps, parents before children.',
      resolve: ({ steps }) => steps,
    }),
  }),
})
