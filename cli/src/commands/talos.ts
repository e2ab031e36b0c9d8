import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { fileReason, usageError } from '../errors.ts'
import { nothingChanged } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { showChange, showFields, showList, writeLines } from '../show.ts'
import { addTalosAssetCommands } from './talos-assets.ts'

interface Schematic {
  version?: string
  schematic_id?: string
  computed_id?: string
  yaml?: string
  extensions: string[]
  kernel_arguments: string[]
}

interface Changed {
  schematic: Schematic
  diff: string
  warnings: string[]
}

interface Extension {
  name: string
  description: string
}

/** Adds `wild-cli talos …`: versions, what is built into the image, and the files machines boot from. */
export function addTalosCommands(program: Command): void {
  const group = addGroup(program, 'talos', 'Talos images: versions, extensions, and files to boot from')
  addVersions(group)
  addExtensions(group)
  const schematic = addGroup(group, 'schematic', 'What is built into the Talos image of an instance')
  addShow(schematic)
  addSet(schematic)
  addUpload(schematic)
  addTalosAssetCommands(group)
}

function addVersions(group: Command): void {
  addCommand(group, 'versions', 'List the Talos versions that can be had, newest first', [
    'talos versions',
    'talos versions --all',
  ])
    .option('--all', 'betas too')
    .action(
      act<[], { all?: boolean }>(async (session, _args, { all }) => {
        const { versions } = await session.api.get<{ versions: string[] }>('/talos/versions')
        const shown = versions.filter((version) => all || !version.includes('-'))
        if (session.structured) return session.print({ versions: shown })
        writeLines(session, shown)
      }),
    )
}

const extensionColumns: Column<Extension>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'description', value: (row) => row.description.split('\n').find((line) => line.trim()), prose: true },
]

function addExtensions(group: Command): void {
  addCommand(group, 'extensions', 'List the system extensions that can be built in', [
    'talos extensions',
    'talos extensions --talos-version v1.11.5',
  ])
    .option('--talos-version <version>', 'for this version (default: the one of the instance)')
    .action(
      act<[], { talosVersion?: string }>(async (session, _args, { talosVersion }) => {
        const version = talosVersion ?? (await schematicOf(session)).version
        if (!version) throw usageError('Which version? Name one with --talos-version.')
        const data = await session.api.get<{ extensions: Extension[] }>(route`/talos/versions/${version}/extensions`)
        const empty = `There are none for Talos ${version}.`
        await showList(session, data, { rows: data.extensions, columns: extensionColumns, empty })
      }),
    )
}

async function pathOf(session: Session): Promise<string> {
  return route`/instances/${await session.instance()}/talos/schematic`
}

async function schematicOf(session: Session): Promise<Schematic> {
  return session.api.get<Schematic>(await pathOf(session))
}

function addShow(group: Command): void {
  addCommand(group, 'show', 'Show the schematic and its id', [
    'talos schematic show',
    'talos schematic show -o json',
  ]).action(
    act(async (session) => {
      const data = await schematicOf(session)
      await showFields(session, data, {
        Version: data.version,
        Id: data.schematic_id,
        Extensions: data.extensions.join(', ') || (data.yaml ? 'none' : 'not known, only the id is'),
        'Kernel arguments': data.kernel_arguments.join(' ') || undefined,
      })
      if (data.computed_id && data.computed_id !== data.schematic_id)
        session.messages.warning(
          `The schematic belongs to the id ${data.computed_id}, not to the one in the config. Take one over: wild-cli talos schematic upload`,
        )
    }),
  )
}

interface SetOptions {
  extension?: string[]
  addExtension?: string[]
  removeExtension?: string[]
  kernelArgument?: string[]
  withoutKernelArguments?: boolean
  file?: string
}

const several = (value: string, before: string[] = []) => [...before, value]

function addSet(group: Command): void {
  const command = addCommand(group, 'set', 'Change what is built into the image of new machines', [
    'talos schematic set --extension iscsi-tools --extension util-linux-tools',
    'talos schematic set --add-extension intel-ucode --plan',
    'talos schematic set --kernel-argument console=ttyS0',
    'talos schematic set --file schematic.yaml',
  ])
  withPlan(command)
    .option('--extension <name>', 'a system extension, instead of those there are; may be given several times', several)
    .option('--add-extension <name>', 'one more', several)
    .option('--remove-extension <name>', 'one less', several)
    .option(
      '--kernel-argument <argument>',
      'an argument of the kernel, instead of those there are; several times',
      several,
    )
    .option('--without-kernel-arguments', 'none beyond the usual ones')
    .option('--file <file>', 'a whole schematic (YAML), instead of the one there is')
    .action(
      act<[], SetOptions>(async (session, _args, options) => {
        const body = await bodyOf(session, options)
        const query = session.plan ? { plan: 'true' } : undefined
        const answer = await session.api.send<Answer<Changed>>('PUT', await pathOf(session), body, query)
        if (session.structured) return session.print(answer)
        const { diff, warnings, schematic } = answer.data
        if (diff) writeLines(session, diff.trimEnd().split('\n').slice(1))
        for (const warning of warnings) session.messages.warning(warning)
        if (session.plan) return session.messages.info(nothingChanged)
        session.messages.success(`The schematic is ${schematic.schematic_id}.`)
        session.messages.info(
          'Next: wild-cli talos assets download. Machines that run keep their image until an upgrade.',
        )
      }),
    )
}

async function bodyOf(session: Session, options: SetOptions): Promise<Record<string, unknown>> {
  const { addExtension: more = [], removeExtension: less = [] } = options
  let extensions = options.extension
  if (more.length || less.length) {
    const full = (name: string) => (name.includes('/') ? name : `siderolabs/${name}`)
    const before = extensions ?? (await schematicOf(session)).extensions
    extensions = [...before, ...more].map(full).filter((name) => !less.map(full).includes(name))
  }
  const args = options.withoutKernelArguments ? [] : options.kernelArgument
  const body = {
    ...(extensions ? { extensions } : {}),
    ...(args ? { kernel_arguments: args } : {}),
    ...(options.file ? { schematic: await readYaml(options.file) } : {}),
  }
  if (Object.keys(body).length === 0)
    throw usageError(
      'Nothing to change: name extensions, kernel arguments or a file (see wild-cli talos schematic set --help).',
    )
  return body
}

async function readYaml(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw usageError(`Cannot read ${file}: ${fileReason(error)}.`)
  })
  try {
    return (await import('yaml')).parse(text) ?? {}
  } catch (error) {
    throw usageError(`${file} is no valid YAML: ${(error as Error).message.split('\n')[0]}`)
  }
}

function addUpload(group: Command): void {
  addCommand(group, 'upload', 'Tell the image factory the schematic, so that it can build the image', [
    'talos schematic upload',
  ]).action(
    act(async (session) => {
      const answer = await session.api.send<Answer<Schematic>>('POST', `${await pathOf(session)}/upload`)
      await showChange(session, answer, `The image factory knows the schematic ${answer.data.schematic_id}.`)
    }),
  )
}
