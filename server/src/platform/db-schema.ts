import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** One row per operation. JSON columns hold masked data only. Times are ISO strings. */
export const operationsTable = sqliteTable(
  'operations',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    title: text('title').notNull(),
    instance: text('instance'),
    target: text('target'),
    input: text('input', { mode: 'json' }).notNull(),
    status: text('status').notNull(),
    progress: integer('progress').notNull().default(0),
    message: text('message').notNull().default(''),
    result: text('result', { mode: 'json' }),
    error: text('error', { mode: 'json' }),
    warnings: text('warnings', { mode: 'json' }).notNull(),
    via: text('via').notNull(),
    createdAt: text('created_at').notNull(),
    startedAt: text('started_at'),
    completedAt: text('completed_at'),
  },
  (table) => [
    index('operations_by_instance').on(table.instance, table.createdAt),
    index('operations_by_status').on(table.status),
  ],
)

/** Steps of an operation; `position` orders them, `parent` nests them. */
export const stepsTable = sqliteTable(
  'operation_steps',
  {
    operation: text('operation')
      .notNull()
      .references(() => operationsTable.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    position: integer('position').notNull(),
    parent: text('parent'),
    title: text('title').notNull(),
    weight: integer('weight').notNull().default(1),
    state: text('state').notNull(),
    progress: integer('progress').notNull().default(0),
    message: text('message'),
    attempt: integer('attempt').notNull().default(0),
    startedAt: text('started_at'),
    endedAt: text('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.operation, table.id] })],
)

/** Log lines, numbered per operation from 1 without gaps. */
export const logTable = sqliteTable(
  'operation_log',
  {
    operation: text('operation')
      .notNull()
      .references(() => operationsTable.id, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    at: text('at').notNull(),
    stream: text('stream').notNull(),
    step: text('step'),
    message: text('message').notNull(),
  },
  (table) => [primaryKey({ columns: [table.operation, table.seq] })],
)

/** Locks held by running operations: paths, where one that contains another conflicts with it. */
export const locksTable = sqliteTable('locks', {
  path: text('path').primaryKey(),
  operation: text('operation')
    .notNull()
    .references(() => operationsTable.id, { onDelete: 'cascade' }),
})

/** Every external command an operation ran, masked: what `operation script` is made of. */
export const commandsTable = sqliteTable(
  'operation_commands',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    operation: text('operation')
      .notNull()
      .references(() => operationsTable.id, { onDelete: 'cascade' }),
    step: text('step'),
    command: text('command').notNull(),
    env: text('env', { mode: 'json' }).notNull(),
    /** What it got on standard input, masked; left out when very large. */
    input: text('input'),
    pid: integer('pid'),
    /** Start time of the process in clock ticks after boot, to prove after a crash that the pid is still ours. */
    pidStart: text('pid_start'),
    exitCode: integer('exit_code'),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
  },
  (table) => [index('commands_by_operation').on(table.operation)],
)

/** Machines as discovery last saw them, keyed by MAC. */
export const machinesTable = sqliteTable('machines', {
  mac: text('mac').primaryKey(),
  seen: text('seen', { mode: 'json' }).notNull(),
  instance: text('instance'),
  seenAt: text('seen_at').notNull(),
})

/** What was found when a cluster was last looked at, a row per check. */
export const healthChecksTable = sqliteTable(
  'health_checks',
  {
    instance: text('instance').notNull(),
    name: text('name').notNull(),
    /** The order in which they are shown. */
    position: integer('position').notNull(),
    status: text('status').notNull(),
    message: text('message').notNull(),
    remedy: text('remedy').notNull(),
    since: text('since').notNull(),
    checkedAt: text('checked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.instance, table.name] })],
)

/** The whole of the last look. */
export const healthLooksTable = sqliteTable('health_looks', {
  instance: text('instance').primaryKey(),
  status: text('status').notNull(),
  certificates: text('certificates', { mode: 'json' }).notNull(),
  checkedAt: text('checked_at').notNull(),
})

/** Each time a check changed its verdict. */
export const healthEventsTable = sqliteTable(
  'health_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    instance: text('instance').notNull(),
    name: text('name').notNull(),
    status: text('status').notNull(),
    message: text('message').notNull(),
    at: text('at').notNull(),
  },
  (table) => [index('health_events_by_instance').on(table.instance, table.id)],
)
