import type { Command } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import { formatBytes } from '../output/units.ts'
import { route } from '../rest/route.ts'
import { saveFile } from '../rest/save-file.ts'
import { tellOnly } from '../rest/telling.ts'
import { showChange, showList } from '../show.ts'

interface Asset {
  id: string
  kind: string
  version?: string
  schematic_id?: string
  architecture: string
  file: string
  path: string
  size: number
  used_by: string[]
}

const columns: Column<Asset>[] = [
  { title: 'name', value: (row) => row.id },
  { title: 'kind', value: (row) => row.kind },
  { title: 'size', value: (row) => formatBytes(row.size) },
  { title: 'instance', value: (row) => row.used_by.join(', ') },
  { title: 'file', value: (row) => row.path, prose: true },
]

/** Adds `… assets list|download|save|delete` to a group: the files machines boot from. */
export function addTalosAssetCommands(parent: Command): void {
  const group = addGroup(parent, 'assets', 'Files that machines boot from')
  const words = parent.name()
  addList(group, words)
  addDownload(group, words)
  addSave(group, words)
  addDelete(group, words)
}

function addList(group: Command, words: string): void {
  addCommand(group, 'list', 'List the files that are here', [`${words} assets list`])
    .alias('ls')
    .action(
      act(async (session) => {
        const data = await session.api.get<{ assets: Asset[] }>('/pxe/assets')
        const empty = 'Nothing is here yet. Download with: wild-cli talos assets download'
        await showList(session, data, { rows: data.assets, columns, empty })
        const total = data.assets.reduce((sum, { size }) => sum + size, 0)
        if (total && !session.structured) session.messages.info(`${formatBytes(total)} in all`)
      }),
    )
}

interface DownloadOptions {
  talosVersion?: string
  schematic?: string
  architecture?: string
  iso?: boolean
  only?: string
}

const kinds = ['kernel', 'initramfs', 'cmdline', 'iso', 'loader']

function addDownload(group: Command, words: string): void {
  const command = addCommand(group, 'download', 'Download what machines boot from; what is here is skipped', [
    `${words} assets download`,
    `${words} assets download --architecture arm64 --plan`,
    `${words} assets download --only iso`,
  ])
  withPlan(command)
    .option('--talos-version <version>', 'Talos version (default: the one of the instance)')
    .option('--schematic <id>', 'schematic (default: the one of the instance)')
    .option('--architecture <amd64|arm64>', 'for which machines (default: amd64)')
    .option('--iso', 'the ISO image too, for a USB stick')
    .option('--only <kinds>', `only these, separated by commas: ${kinds.join(', ')}`)
    .action(
      act<[], DownloadOptions>(async (session, _args, options) => {
        if (options.iso && options.only) throw usageError('--iso and --only do not go together.')
        const whole = options.talosVersion !== undefined && options.schematic !== undefined
        const wanted = options.iso ? kinds : options.only?.split(',').map((kind) => kind.trim())
        const body = {
          ...(whole ? {} : { instance: await session.instance() }),
          ...(options.talosVersion ? { version: options.talosVersion } : {}),
          ...(options.schematic ? { schematic_id: options.schematic } : {}),
          ...(options.architecture ? { architecture: options.architecture } : {}),
          ...(wanted ? { kinds: wanted } : {}),
        }
        const done = { success: 'The files are here.', next: `wild-cli ${words} assets list` }
        await startOperation(session, { path: '/pxe/assets/download', body }, done)
      }),
    )
}

function addSave(group: Command, words: string): void {
  addCommand(group, 'save <asset>', 'Save a file that is on the device here, such as the ISO image for a USB stick', [
    `${words} assets save v1.11.5-613e1592b2da-amd64-iso --to talos.iso`,
  ])
    .requiredOption('--to <file>', 'the file to write (mode 0600)')
    .action(
      act<[string], { to: string }>(async (session, [id], { to }) => {
        tellOnly(session, `Save ${id}`, [to])
        const path = route`/pxe/assets/${id}/file`
        const size = await saveFile(session.api, { method: 'GET', path, to, part: `${to}.${id}.part` })
        await showChange(session, { file: to, size }, `Saved ${to} (${formatBytes(size)}).`)
      }),
    )
}

function addDelete(group: Command, words: string): void {
  addCommand(group, 'delete <assets...>', 'Remove files; they can be downloaded again', [
    `${words} assets delete v1.11.5-613e1592b2da-amd64-iso`,
    `${words} assets delete ipxe.efi --force`,
  ])
    .alias('rm')
    .option('--force', 'also what machines boot from now')
    .action(
      act<[string[]], { force?: boolean }>(async (session, [ids], { force }) => {
        for (const id of ids) {
          const query = force ? { force: 'true' } : undefined
          const answer = await session.api.send('DELETE', route`/pxe/assets/${id}`, undefined, query)
          await showChange(session, answer, `${id} removed.`)
        }
      }),
    )
}
