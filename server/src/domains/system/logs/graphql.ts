import { doors } from '../../../platform/door.ts'
import { builder } from '../../../platform/schema-builder.ts'
import { type AuditLine, type LogEntry, logLevels } from './reader.ts'

const LevelType = builder.enumType('LogLevel', {
  description: 'How much a line of the log matters; each level is with those above it.',
  values: logLevels,
})

const EntryType = builder.objectRef<LogEntry>('LogEntry').implement({
  description: "A line of the daemon's own log.",
  fields: (t) => ({
    time: t.field({ type: 'DateTime', description: 'When.', resolve: ({ time }) => time }),
    level: t.field({ type: LevelType, description: 'How much it matters.', resolve: ({ level }) => level }),
    message: t.exposeString('message', { description: 'What happened.' }),
    fields: t.field({ type: 'JSON', description: 'What else was said.', resolve: ({ fields }) => fields }),
  }),
})

const AuditType = builder.objectRef<AuditLine>('AuditEntry').implement({
  description: 'Somebody changed something, or saw a secret. Never a value.',
  fields: (t) => ({
    time: t.field({ type: 'DateTime', description: 'When.', resolve: ({ time }) => time }),
    action: t.exposeString('action', { description: 'The mutation of this API, or `secret.reveal`.' }),
    door: t.exposeString('door', { description: `Through which door: ${doors.join(', ')}.` }),
    instance: t.exposeString('instance', { nullable: true, description: 'Of which instance.' }),
    key: t.exposeString('key', { nullable: true, description: 'What it was about: names and paths.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason the person gave.' }),
    failed: t.exposeString('failed', { nullable: true, description: 'Code of the refusal; absent when it was done.' }),
  }),
})

const levelArg = { type: LevelType, description: 'This level and above; default info.' } as const

builder.queryFields((t) => ({
  daemonLog: t.field({
    type: [EntryType],
    description: "The newest lines of the daemon's own log, oldest first.",
    args: { lines: t.arg.int({ description: 'How many, at most 2000; default 200.' }), level: t.arg(levelArg) },
    resolve: (_root, { lines, level }, { services }) =>
      services.system.logs.daemon({ lines: lines ?? 200, level: level ?? 'info' }),
  }),
  audit: t.field({
    type: [AuditType],
    description: 'Who changed what and who saw secrets, newest first.',
    args: {
      lines: t.arg.int({ description: 'How many, at most 2000; default 200.' }),
      instance: t.arg.string({ description: 'Only of this instance.' }),
    },
    resolve: (_root, { lines, instance }, { services }) =>
      services.system.logs.audit({ lines: lines ?? 200, instance: instance ?? undefined }),
  }),
}))

builder.subscriptionField('daemonLog', (t) =>
  t.field({
    type: EntryType,
    description: "Lines of the daemon's own log as they are written.",
    args: { level: t.arg(levelArg) },
    subscribe: (_root, { level }, { services }) => services.system.logs.follow(level ?? 'info'),
    resolve: (entry) => entry,
  }),
)
