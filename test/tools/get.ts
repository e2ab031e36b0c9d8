import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder, searchPath } from './find.ts'
import type { Source, Tool } from './table.ts'

const run = promisify(execFile)
const goArch: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** Longest a single tool may take, ms: `WILD_TOOLS_LIMIT` seconds, ten minutes when it is not set. */
const limitMs = Number(process.env.WILD_TOOLS_LIMIT || 600) * 1_000

async function has(command: string): Promise<boolean> {
  return run('sh', ['-c', 'command -v "$1"', 'sh', command], {
    env: { ...process.env, PATH: searchPath().join(':') },
  }).then(
    () => true,
    () => false,
  )
}

/** One way to get a tool; resolves when it is there, rejects with why not. */
type Way = (tool: Tool, source: Source) => Promise<void>

/** Go builds the published command into the cache; nothing is left elsewhere but Go's own cache. */
const withGo: Way = async (_tool, { go }) => {
  mkdirSync(cacheFolder(), { recursive: true })
  const env = { ...process.env, GOBIN: cacheFolder(), GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' }
  await run('go', ['install', '-trimpath', `${go!.module}@${go!.version}`], { env, timeout: limitMs, maxBuffer: 1e8 })
}

const withDebian: Way = async (_tool, { debian }) => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', debian!], { env, timeout: limitMs })
  await install().catch(async () => {
    await run('apt-get', ['update'], { env, timeout: limitMs })
    await install()
  })
}

const withRelease: Way = async (tool, { release }) => {
  const fill = (text: string) =>
    text.replaceAll('{os}', process.platform).replaceAll('{arch}', goArch[arch()] ?? arch())
  const url = fill(release!.url)
  const [bytes, sums] = await Promise.all([download(url), download(fill(release!.checksums))])
  const sum = createHash('sha256').update(bytes).digest('hex')
  if (!sums.toString().includes(sum)) throw new Error(`the checksum of ${url} is not in its list`)
  mkdirSync(cacheFolder(), { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'wild-tool-'))
  try {
    const file = join(work, 'download')
    writeFileSync(file, bytes)
    if (release!.archived) await run('tar', ['-xzf', file, '-C', work, fill(release!.archived)])
    const ready = release!.archived ? join(work, fill(release!.archived)) : file
    chmodSync(ready, 0o755)
    await run('cp', [ready, join(cacheFolder(), `.${tool.name}.new`)])
    renameSync(join(cacheFolder(), `.${tool.name}.new`), join(cacheFolder(), tool.name))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Puts a tool where it is found: with Go, as a Debian package, or as an official release. Rejects with every reason. */
export async function get(tool: Tool): Promise<void> {
  const { go, debian, release } = tool.source
  const ways: [string, boolean, Way][] = [
    ['Go', Boolean(go) && (await has('go')), withGo],
    ['a Debian package', Boolean(debian) && process.getuid?.() === 0 && (await has('apt-get')), withDebian],
    ['an official release', Boolean(release), withRelease],
  ]
  const reasons: string[] = []
  for (const [name, possible, way] of ways) {
    if (!possible) continue
    try {
      return await way(tool, tool.source)
    } catch (error) {
      const { stderr, killed, message } = error as { stderr?: string; killed?: boolean; message: string }
      const why = killed ? `took longer than ${limitMs / 1000} s` : (stderr?.trim().split('\n').at(-1) ?? message)
      reasons.push(`${name}: ${why}`)
    }
  }
  throw new Error(reasons.join('; ') || `there is no way here: ${tool.byHand}`)
}
