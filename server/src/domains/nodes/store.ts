import { eq } from 'drizzle-orm'
import { type Db, machinesTable } from '../../platform/db.ts'
import { WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import { nodeName } from '../../platform/names.ts'
import type { ConfigService } from '../config/index.ts'
import { byName, type Machine, type NodeFields, type NodeRecord, nodeFields, type SeenMachine } from './model.ts'

const root = 'cluster.nodes.active'

/** Node records in config.yaml and the table of last seen machines. */
export interface NodeStore {
  /** Sorted by name. Throws CONFIG_INVALID naming the key that does not fit. */
  records(instance: string): Promise<NodeRecord[]>
  record(instance: string, name: string): Promise<NodeRecord | undefined>
  /** Writes whole records, all or none. */
  add(instance: string, records: NodeRecord[], by: Author): Promise<void>
  /** Changes some keys of one record; an undefined value removes the key. False when nothing had to change. */
  update(instance: string, name: string, fields: Partial<NodeFields>, by: Author): Promise<boolean>
  /** Writes a record over the one of this name; under another name it moves. All or nothing; equal keys are not touched. */
  replace(instance: string, name: string, record: NodeRecord, by: Author): Promise<void>
  remove(instance: string, name: string, by: Author): Promise<void>
  machines(): SeenMachine[]
  machine(mac: string): SeenMachine | undefined
  remember(machine: Machine & { mac: string }, seen: { at: string; discovery?: string }): void
}

function readRecord(instance: string, name: string, value: unknown): NodeRecord {
  const fields = nodeFields.safeParse(value)
  if (fields.success && nodeName.safeParse(name).success) return { ...fields.data, name }
  const issue = fields.success ? undefined : fields.error.issues[0]
  const key = [root, name, ...(issue?.path ?? [])].join('.')
  throw new WildError(
    'CONFIG_INVALID',
    `The configuration of ${instance} does not make sense at ${key}: ${issue?.message ?? 'this is not a node name.'}`,
    {
      field: key,
      hint: `wild-cli config get ${root}.${name}`,
    },
  )
}

/** Machines are read side by side: the order in which they answered means nothing. */
const byAddress = (one: SeenMachine, other: SeenMachine): number =>
  one.ip.localeCompare(other.ip, 'en', { numeric: true })

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Partial<T>
}

/** The store over config.yaml and the database. */
export function createNodeStore(config: ConfigService, db: Db): NodeStore {
  async function records(instance: string): Promise<NodeRecord[]> {
    const active = ((await config.get(instance, root)) ?? {}) as Record<string, unknown>
    if (typeof active !== 'object' || Array.isArray(active))
      throw new WildError(
        'CONFIG_INVALID',
        `The configuration of ${instance} does not make sense at ${root}: it is not a map of nodes.`,
        { field: root },
      )
    return Object.entries(active)
      .map(([name, value]) => readRecord(instance, name, value))
      .sort(byName)
  }

  function fromRow(row: typeof machinesTable.$inferSelect): SeenMachine {
    return { ...(row.seen as SeenMachine), mac: row.mac, seenAt: row.seenAt }
  }

  function machine(mac: string): SeenMachine | undefined {
    const row = db.select().from(machinesTable).where(eq(machinesTable.mac, mac)).get()
    return row && fromRow(row)
  }

  function write(seen: SeenMachine): void {
    const row = { mac: seen.mac, seen, instance: seen.instance ?? null, seenAt: seen.seenAt }
    const { mac: _mac, ...changed } = row
    db.insert(machinesTable).values(row).onConflictDoUpdate({ target: machinesTable.mac, set: changed }).run()
  }

  return {
    records,
    record: async (instance, name) => (await records(instance)).find((record) => record.name === name),
    async add(instance, added, by) {
      const changes = added.map(({ name, ...fields }) => ({ path: `${root}.${name}`, value: withoutUndefined(fields) }))
      await config.set(instance, changes, by)
    },
    update: (instance, name, fields, by) =>
      config.set(
        instance,
        Object.entries(fields).map(([key, value]) => ({ path: `${root}.${name}.${key}`, value })),
        by,
      ),
    async replace(instance, name, { name: next, ...fields }, by) {
      const keys = Object.entries(fields).map(([key, value]) => ({ path: `${root}.${name}.${key}`, value }))
      const moved = [
        { path: `${root}.${next}`, value: withoutUndefined(fields) },
        { path: `${root}.${name}`, value: undefined },
      ]
      await config.set(instance, next === name ? keys : moved, by)
    },
    async remove(instance, name, by) {
      await config.set(instance, [{ path: `${root}.${name}`, value: undefined }], by)
    },
    machines: () => db.select().from(machinesTable).all().map(fromRow).sort(byAddress),
    machine,
    remember(seen, { at, discovery }) {
      write({ ...seen, seenAt: at, discovery: discovery ?? machine(seen.mac)?.discovery })
    },
  }
}
