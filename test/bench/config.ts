import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { configFor, isTemplate } from '../../catalog/tools/build.ts'
import { type Entry, readEntry } from '../../catalog/tools/entries.ts'
import { bare } from '../../catalog/tools/scenarios.ts'
import { readSources } from '../../catalog/tools/sources.ts'
import { mergeTrees } from '../../server/src/domains/instances/model.ts'
import { findTool } from '../../server/src/platform/tool-runner.ts'
import { parseYamlContext, render } from '../../server/src/templates/index.ts'
import { root, startDaemon, temporaryFolder } from '../world.ts'
import { median, row } from './measure.ts'

const runs = 15

/** Reading one value of config.yaml, and rendering the whole catalog, beside the tools the old scripts ran for it. */
export async function benchConfig(): Promise<void> {
  const folder = temporaryFolder('bench-config')
  const daemon = await startDaemon()
  try {
    const catalog = await catalogTemplates()
    await daemon.rest('POST', '/instances', { name: 'home' })
    const put = await daemon.rest('PUT', '/instances/home/config/yaml', catalog.config)
    if (put.status !== 200) throw new Error(put.text)
    await benchReading(daemon)
    await benchRendering(daemon, catalog, folder.path)
  } finally {
    await daemon.stop()
    folder.remove()
  }
}

type Daemon = Awaited<ReturnType<typeof startDaemon>>

async function benchReading(daemon: Daemon): Promise<void> {
  const file = join(daemon.data, 'instances/home/config.yaml')
  const cli = join(root, 'cli/dist/wild-cli.js')
  const env = { ...process.env, WILD_DAEMON_URL: daemon.url, WILD_INSTANCE: 'home' }
  const rest = await median(runs, async () => {
    const { status } = await daemon.rest('GET', '/instances/home/config?path=cloud.domain')
    if (status !== 200) throw new Error(`config read answered ${status}`)
  })
  const command = await median(runs, () => run(process.execPath, [cli, 'config', 'get', 'cloud.domain'], { env }))
  const node = await median(runs, () => run(process.execPath, ['-e', '0']))
  row('one value through REST', rest, 'node -e 0', node)
  row('one value through wild-cli', command, 'node -e 0', node)
  if (!findTool('yq')) return skipped('one value beside yq', 'yq')
  const yq = await median(runs, () => run('yq', ['.cloud.domain', file]))
  row('one value through REST', rest, 'yq', yq)
  row('one value through wild-cli', command, 'yq', yq)
}

interface Catalog {
  config: string
  files: { path: string; text: string }[]
}

async function benchRendering(daemon: Daemon, { config, files }: Catalog, folder: string): Promise<void> {
  const source = join(folder, 'in')
  for (const { path, text } of files) {
    mkdirSync(dirname(join(source, path)), { recursive: true })
    writeFileSync(join(source, path), text)
  }
  const configFile = join(folder, 'config.yaml')
  writeFileSync(configFile, config)
  // Reading the files and the config counts for us as it does for gomplate.
  const own = await median(runs, () => {
    const context = parseYamlContext(readFileSync(configFile, 'utf8'))
    for (const { path } of files) render(readFileSync(join(source, path), 'utf8'), context, { name: path })
  })
  const door = await median(runs, async () => {
    const { status, text } = await daemon.rest('POST', '/instances/home/templates/render-dir', { files })
    if (status !== 200) throw new Error(text)
  })
  const what = `${files.length} templates of the catalog`
  row(`${what} through REST`, door, 'the renderer alone', own)
  if (!findTool('gomplate')) return skipped(`${what} beside gomplate`, 'gomplate')
  const context = ['--context', `.=${configFile}`]
  const perFile = await median(3, async () => {
    for (const { path } of files) await run('gomplate', [...context, '--file', join(source, path)])
  })
  const perFolder = await median(3, () =>
    run('gomplate', [...context, '--input-dir', source, '--output-dir', join(folder, 'out')]),
  )
  row(what, own, 'a gomplate process per file', perFile)
  row(`${what} through REST`, door, 'a gomplate process per file', perFile)
  row(what, own, 'one gomplate process', perFolder)
  row(`${what} through REST`, door, 'one gomplate process', perFolder)
}

/** Every template of the catalog, and a config in which all of them can be rendered. */
async function catalogTemplates(): Promise<Catalog> {
  const sources = await readSources(join(root, 'catalog'))
  const entries = sources.map(readEntry).filter((entry): entry is Entry => !Array.isArray(entry))
  const config = entries.map((entry) => configFor(entries, entry, bare)).reduce<unknown>(mergeTrees, {})
  const files = entries.flatMap((entry) =>
    [...entry.source.files]
      .filter(([path]) => isTemplate(entry, path))
      .map(([path, text]) => ({ path: `${entry.source.folder}/${path}`, text })),
  )
  return { config: stringify(config, { lineWidth: 0 }), files }
}

/** Not synchronous: the daemon's connection must be seen to close meanwhile. */
async function run(tool: string, args: string[], options: { env?: NodeJS.ProcessEnv } = {}): Promise<void> {
  await promisify(execFile)(tool, args, options)
}

function skipped(what: string, tool: string): void {
  console.log(`  ${what.padEnd(44)} skipped: ${tool} is not on the PATH`)
}
