import type { Command } from 'commander'
import { confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup } from '../command.ts'
import { CliError, exitCodes, usageError } from '../errors.ts'
import type { Column } from '../output/table.ts'
import { formatBytes, formatTime } from '../output/units.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Instance } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { showChange, showList } from '../show.ts'

interface TrashEntry {
  entry: string
  name: string
  description: string
  deleted_at: string
  gone_at?: string
  size: number
  files: number
  apps: string[]
}

const columns: Column<TrashEntry>[] = [
  { title: 'entry', value: (row) => row.entry },
  { title: 'deleted', value: (row) => formatTime(row.deleted_at) },
  { title: 'kept until', value: (row) => formatTime(row.gone_at) },
  { title: 'size', value: (row) => formatBytes(row.size) },
  { title: 'apps', value: (row) => row.apps.join(', ') },
  { title: 'description', value: (row) => row.description, prose: true },
]

/** Adds `instance trash …`. */
export function addTrashCommands(instances: Command): void {
  const group = addGroup(instances, 'trash', 'Deleted instances: list them, put them back, remove them for good')
  addCommand(group, 'list', 'List the deleted instances', ['instance trash list']).action(
    act(async (session) => {
      const data = await session.api.get<{ trash: TrashEntry[] }>('/trash')
      await showList(session, data, { rows: data.trash, columns, empty: 'The trash is empty.' })
    }),
  )
  addCommand(group, 'restore <entry>', 'Put a deleted instance back', [
    'instance trash restore home',
    'instance trash restore home-2026-01-31T10-20-30-123Z --name home-again',
  ])
    .option('--name <name>', 'another name for it (default: the name it had)')
    .action(
      act<[string], { name?: string }>(async (session, [given], { name }) => {
        const { entry } = await find(session, given)
        const body = name === undefined ? {} : { name }
        const answer = await session.api.send<Answer<Instance>>('POST', route`/trash/${entry}/restore`, body)
        await showChange(session, answer.data, `Instance ${answer.data.name} is back.`)
      }),
    )
  addCommand(group, 'delete <entry>', 'Remove a deleted instance for good', [
    'instance trash delete home-2026-01-31T10-20-30-123Z',
  ]).action(
    act<[string]>(async (session, [given]) => {
      const { entry, name, deleted_at } = await find(session, given)
      const what = `${name}, deleted ${formatTime(deleted_at)}`
      await confirmLoss(session, `Remove ${what}, for good? Its config, secrets and keys are then gone.`)
      const answer = await session.api.send('DELETE', route`/trash/${entry}`)
      await showChange(session, answer, `Removed ${entry} for good.`)
    }),
  )
}

/** The entry meant by its own name, or by the name of the instance when there is one such. */
async function find(session: Session, given: string): Promise<TrashEntry> {
  const { trash } = await session.api.get<{ trash: TrashEntry[] }>('/trash')
  const exact = trash.find(({ entry }) => entry === given)
  if (exact) return exact
  const [first, ...more] = trash.filter(({ name }) => name === given)
  if (!first)
    throw new CliError(exitCodes.notFound, `There is no deleted instance "${given}".`, {
      next: ['See what there is: wild-cli instance trash list'],
    })
  if (more.length)
    throw usageError(
      `More than one instance named ${given} was deleted; say which:`,
      ...[first, ...more].map(({ entry }) => `  ${entry}`),
    )
  return first
}
