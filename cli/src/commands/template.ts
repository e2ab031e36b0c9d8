import { basename, dirname, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup } from '../command.ts'
import { usageError } from '../errors.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import {
  checkTarget,
  leftOver,
  modeOf,
  narrow,
  type OutputFile,
  readBytes,
  readSource,
  readTarget,
  removeFiles,
  type SourceFile,
  writeFiles,
} from '../template-folder.ts'

/** Adds `wild-cli template …`. Templates go to the daemon as text; results are written here, by the person's own rights. */
export function addTemplateCommands(program: Command): void {
  const group = addGroup(program, 'template', 'Fill in templates from the config of an instance')
  addRender(group)
  addRenderFolder(group)
}

interface Rendered {
  path: string
  text: string
  secret: boolean
  renderer: string
  state: string
  diff?: string
}

interface RenderOptions {
  diff?: boolean
  secrets?: boolean
}

/** How much of a folder goes into one request, in characters of JSON; the daemon takes 3 MB. */
const largestRequest = 2_000_000
const mostInRequest = 100

function addRender(group: Command): void {
  addCommand(
    group,
    'render <file> [output]',
    'Fill in one template (`-` reads stdin) and print it, or write it to a file',
    [
      'template render ingress.yaml',
      'template render ingress.yaml out/ingress.yaml',
      'template render ingress.yaml out/ingress.yaml --diff',
      "echo '{{ .cloud.domain }}' | wild-cli template render -",
    ],
  )
    .option('--diff', 'print how the output file would change; write nothing')
    .option('--secrets', 'let the template see secrets, as .secrets (noted in the audit log)')
    .action(
      act<[string, string | undefined], RenderOptions>(async (session, [file, output], { diff, secrets }) => {
        if (diff && output === undefined) throw usageError('--diff needs the output file to compare with.')
        const template = decoded(file, file === '-' ? await buffer(process.stdin) : await readBytes(file))
        const folder = dirname(resolve(output ?? '.'))
        const name = output === undefined ? '' : basename(resolve(output))
        const before = output === undefined ? undefined : (await readTarget(folder, [name])).get(name)
        const { data } = await session.api.send<Answer<Rendered>>('POST', await renderRoute(session, 'render'), {
          template,
          name: file === '-' ? 'stdin' : file,
          ...(secrets ? { secrets } : {}),
          ...(diff ? { compare: true, ...(before ? { current: before.toString('utf8') } : {}) } : {}),
        })
        if (output === undefined) return session.structured ? session.print(data) : void session.out.write(data.text)
        if (diff) return showDifferences(session, [data])
        const bytes = Buffer.from(data.text)
        const mode = data.secret ? 0o600 : ((await modeOf(output)) ?? 0o644)
        const state = stateOf(before, bytes)
        if (state === 'unchanged') {
          if (data.secret) await narrow(output)
        } else await writeFiles(folder, [{ path: name, bytes, mode }])
        if (session.structured) return session.print({ ...data, path: output, state })
        session.messages.success(state === 'unchanged' ? `${output} is up to date` : `Wrote ${output}`)
      }),
    )
}

interface FolderOptions extends RenderOptions {
  plan?: boolean
  clean?: boolean
}

function addRenderFolder(group: Command): void {
  addCommand(
    group,
    'render-dir <source> [target]',
    'Fill in a folder of templates, all or none; other files are copied, permissions kept',
    [
      'template render-dir kustomize.template kustomize',
      'template render-dir kustomize.template kustomize --diff',
      'template render-dir templates out --clean',
    ],
  )
    .option('--diff', 'print how the files would change; write nothing')
    .option('--plan', 'list which files would change; write nothing')
    .option('--clean', 'remove files of the target that are not in the source')
    .option('--secrets', 'let templates see secrets, as .secrets (noted in the audit log)')
    .action(
      act<[string, string | undefined], FolderOptions>(async (session, [source, given], options) => {
        const from = source.replace(/\/+$/, '') || '/'
        const target = given ?? `${from}_compiled`
        const { files, skipped } = await readSource(from)
        await checkTarget(from, target)
        for (const path of skipped) session.messages.warning(`${path} is a link or no file; left out.`)
        const paths = files.map(({ path }) => path)
        const before = await readTarget(target, paths)
        const rendered = await renderAll(session, files, before, options)
        const outputs = files.map((file) => outputOf(file, rendered.get(file.path)))
        const rows = outputs.map(({ path, bytes }) => ({ path, state: stateOf(before.get(path), bytes) }))
        const gone = options.clean ? await leftOver(target, paths) : []
        const report = [...rows, ...gone.map((path) => ({ path, state: 'removed' }))]
        if (options.diff)
          return showDifferences(
            session,
            report.map((row) => ({ ...row, ...diffOf(rendered, row.path) })),
          )
        if (options.plan) return showPlan(session, report)
        if (gone.length)
          await confirmLoss(
            session,
            `${gone.length} files of ${target} are not in ${from} (${few(gone)}). Remove them?`,
          )
        await writeAll(target, outputs, new Map(rows.map(({ path, state }) => [path, state])), rendered)
        await removeFiles(target, gone)
        if (session.structured) return session.print({ target, files: report })
        session.messages.success(`${target}: ${counted(report)}`)
      }),
    )
}

async function renderAll(
  session: Session,
  files: SourceFile[],
  before: Map<string, Buffer>,
  { diff, secrets }: RenderOptions,
): Promise<Map<string, Rendered>> {
  const rendered = new Map<string, Rendered>()
  const target = await renderRoute(session, 'render-dir')
  for (const batch of batches(files, before, diff === true)) {
    const body = { files: batch, ...(secrets ? { secrets } : {}), ...(diff ? { compare: true } : {}) }
    const { data } = await session.api.send<Answer<{ files: Rendered[] }>>('POST', target, body)
    for (const file of data.files) rendered.set(file.path, file)
  }
  return rendered
}

interface Sent {
  path: string
  text: string
  current?: string
}

function batches(files: SourceFile[], before: Map<string, Buffer>, withCurrent: boolean): Sent[][] {
  const all: Sent[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const { path, template } of files) {
    if (template === undefined) continue
    const current = withCurrent ? before.get(path)?.toString('utf8') : undefined
    const sent: Sent = { path, text: template, ...(current === undefined ? {} : { current }) }
    const own = JSON.stringify(sent).length
    if (size + own > largestRequest || all.at(-1)!.length === mostInRequest) {
      all.push([])
      size = 0
    }
    all.at(-1)!.push(sent)
    size += own
  }
  return all
}

function outputOf(file: SourceFile, rendered: Rendered | undefined): OutputFile {
  if (!rendered) return file
  const mode = rendered.secret ? 0o600 : file.mode
  return { path: file.path, bytes: Buffer.from(rendered.text), mode }
}

async function writeAll(
  target: string,
  outputs: OutputFile[],
  states: Map<string, string>,
  rendered: Map<string, Rendered>,
): Promise<void> {
  const kept = outputs.filter(({ path }) => states.get(path) === 'unchanged' && rendered.get(path)?.secret)
  for (const { path } of kept) await narrow(`${target}/${path}`)
  await writeFiles(
    target,
    outputs.filter(({ path }) => states.get(path) !== 'unchanged'),
  )
}

function stateOf(before: Buffer | undefined, after: Buffer): string {
  if (!before) return 'created'
  return before.equals(after) ? 'unchanged' : 'changed'
}

interface Difference {
  path: string
  state: string
  diff?: string
}

function diffOf(rendered: Map<string, Rendered>, path: string): { diff?: string } {
  const diff = rendered.get(path)?.diff
  return diff === undefined ? {} : { diff }
}

async function showDifferences(session: Session, files: Difference[]): Promise<void> {
  const shown = files.map(({ path, state, diff }) => ({ path, state, ...(diff === undefined ? {} : { diff }) }))
  if (session.structured) return session.print({ files: shown })
  const changed = shown.filter(({ state }) => state !== 'unchanged')
  if (changed.length === 0) return session.messages.plain('Nothing would change.')
  for (const { path, state, diff } of changed) session.out.write(diff ?? `${path}: ${state}\n`)
}

async function showPlan(session: Session, files: Difference[]): Promise<void> {
  if (session.structured) return session.print({ files })
  for (const { path, state } of files) if (state !== 'unchanged') session.out.write(`${state.padEnd(9)} ${path}\n`)
  session.messages.plain(`${counted(files)}; nothing was written.`)
}

function counted(files: { state: string }[]): string {
  const words = ['created', 'changed', 'removed', 'unchanged']
  const counts = words.map((word) => [files.filter(({ state }) => state === word).length, word] as const)
  return (
    counts
      .filter(([count]) => count > 0)
      .map(([count, word]) => `${count} ${word}`)
      .join(', ') || 'no files'
  )
}

function few(paths: string[]): string {
  return paths.length > 3 ? `${paths.slice(0, 3).join(', ')}…` : paths.join(', ')
}

function decoded(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw usageError(`${file === '-' ? 'stdin' : file} is not UTF-8 text.`)
  }
}

async function renderRoute(session: Session, verb: 'render' | 'render-dir'): Promise<string> {
  return `${route`/instances/${await session.instance()}/templates`}/${verb}`
}
