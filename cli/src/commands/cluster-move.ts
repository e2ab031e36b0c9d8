import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { act, addCommand } from '../command.ts'
import { CliError, exitCodes, fileReason, usageError } from '../errors.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import { showList } from '../show.ts'
import { readBytes } from '../template-folder.ts'
import { type HomeImport, homeToSend, reportColumns } from './instance-import.ts'

interface HandBackFile {
  path: string
  text: string
  secret: boolean
}

/** Adds `wild-cli cluster adopt|hand-back`. */
export function addClusterMove(group: Command): void {
  addAdopt(group)
  addHandBack(group)
}

interface AdoptOptions {
  talosconfig?: string
  kubeconfig?: string
  home?: string
  secrets?: string
  description?: string
  plan?: boolean
}

function addAdopt(group: Command): void {
  addCommand(
    group,
    'adopt <name>',
    'Make an instance of a running cluster that was made by hand or by the old scripts; it is only read',
    [
      'cluster adopt home --talosconfig ~/.talos/config --kubeconfig ~/.kube/config --plan',
      'cluster adopt home --talosconfig talosconfig --kubeconfig kubeconfig --secrets secrets.yaml',
      'cluster adopt home --home ~/my-cloud',
    ],
  )
    .option('--talosconfig <file>', "an administrator's talosconfig")
    .option('--kubeconfig <file>', "an administrator's kubeconfig")
    .option('--home <folder>', 'the folder of its old instance (v.PoC): access, settings, secrets and apps in one')
    .option('--secrets <file>', 'the secrets bundle of talosctl gen secrets (default: read from a control plane)')
    .option('--description <text>', 'what the instance is for')
    .option('--plan', 'tell what it would be; make nothing')
    .action(
      act<[string], AdoptOptions>(async (session, [name], options) => {
        const { plan, description } = options
        const body = { name, description, ...(await handedOver(options)), ...(plan ? { dry_run: true } : {}) }
        const { data } = await session.api.send<Answer<HomeImport>>('POST', '/instances/adopt', body)
        await showList(session, data, { rows: data.report, columns: reportColumns, empty: '' })
        if (plan || session.structured) return
        session.messages.success(`The cluster is the instance ${name} now; nothing of it was changed.`)
        session.messages.info(`To work on it: wild-cli context use ${name}`)
      }),
    )
}

const accessFiles = ['talosconfig', 'kubeconfig', 'secrets'] as const

/** What leads into the cluster, read from the files that were named. */
async function handedOver(options: AdoptOptions): Promise<Record<string, unknown>> {
  const { home } = options
  const missing = (['talosconfig', 'kubeconfig'] as const).filter((name) => !home && !options[name])
  if (missing.length)
    throw usageError(
      `Name ${missing.map((name) => `--${name}`).join(' and ')}, or the folder of its old instance: --home.`,
    )
  const named = accessFiles.flatMap((name) => (options[name] ? [[name, options[name]] as const] : []))
  const texts = await Promise.all(named.map(async ([name, file]) => [name, await textOf(file)] as const))
  return { ...Object.fromEntries(texts), ...(home ? { files: await homeToSend(home) } : {}) }
}

async function textOf(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(resolve(file)))
  } catch (error) {
    if (error instanceof TypeError) throw usageError(`${file} is no text.`)
    if (error instanceof CliError) throw error
    throw usageError(`Cannot read ${file}: ${fileReason(error)}.`)
  }
}

function addHandBack(group: Command): void {
  addCommand(group, 'hand-back <folder>', 'Write a folder that works with talosctl and kubectl alone', [
    'cluster hand-back ~/home-cluster',
  ]).action(
    act<[string]>(async (session, [folder]) => {
      const target = resolve(folder)
      const there = await readdir(target).catch(() => [])
      if (there.length)
        throw new CliError(exitCodes.conflict, `${folder} is not empty; nothing was written.`, {
          next: ['Name a folder that does not exist yet.'],
        })
      const path = route`/instances/${await session.instance()}/cluster/hand-back`
      const { files } = await session.api.get<{ files: HandBackFile[] }>(path)
      for (const file of files) await place(target, file)
      if (session.structured) return session.print({ folder: target, files: files.map((file) => file.path) })
      session.messages.success(`${files.length} files written to ${folder}. Begin with ${join(folder, 'README.md')}.`)
      session.messages.warning(
        'They hold keys: whoever has them rules the cluster. Nothing of the cluster was changed.',
      )
    }),
  )
}

async function place(folder: string, { path, text, secret }: HandBackFile): Promise<void> {
  const file = resolve(folder, path)
  if (!file.startsWith(folder + sep)) throw usageError(`The daemon named a file outside of the folder: ${path}.`)
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, text, { mode: secret ? 0o600 : 0o644, flag: 'wx' })
  } catch (error) {
    throw usageError(`Cannot write ${file}: ${fileReason(error)}.`)
  }
}
