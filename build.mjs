// Builds everything: the daemon, the CLI, the lab and the web app. `--if-changed` does nothing when no source is newer.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = import.meta.dirname
const stampFile = join(root, 'node_modules/.wild-central-build')

const requireBanner =
  "import{createRequire as wildRequire}from'node:module';const require=wildRequire(import.meta.url);"
const shared = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', legalComments: 'none' }
const native = ['better-sqlite3']

const bundles = [
  // Packages stay outside where they read their own files (GraphiQL's page, pino's worker, the database).
  { entry: 'server/src/main.ts', out: 'server/dist/wildd.js', options: { format: 'esm', packages: 'external' } },
  {
    entry: 'cli/src/main.ts',
    out: 'cli/dist/wild-cli.js',
    options: { format: 'cjs', minify: false },
    executable: true,
  },
  {
    entry: 'lab/src/main.ts',
    out: 'lab/dist/lab.js',
    options: { format: 'esm', external: native, banner: { js: requireBanner } },
  },
  {
    entry: 'lab/src/talosctl/main.ts',
    out: 'lab/dist/talosctl.js',
    options: { format: 'esm', banner: { js: requireBanner } },
  },
  {
    entry: 'lab/src/kubectl/main.ts',
    out: 'lab/dist/kubectl.js',
    options: { format: 'esm', banner: { js: requireBanner } },
  },
  {
    entry: 'lab/src/databases/main.ts',
    out: 'lab/dist/databases.js',
    options: { format: 'esm', external: native, banner: { js: requireBanner } },
  },
  { entry: 'lab/demo/main.ts', out: 'lab/dist/demo.js', options: { format: 'esm', banner: { js: requireBanner } } },
]

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', '.git', '.demo'].includes(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* files(path)
    else yield path
  }
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const folder of ['server', 'cli', 'lab', 'web', 'docs'])
    for (const file of files(join(root, folder))) {
      const { mtimeMs, size } = statSync(file)
      hash.update(`${file}:${mtimeMs}:${size}\n`)
    }
  for (const file of ['build.mjs', 'pnpm-lock.yaml', 'schema.graphql'])
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function isCurrent(stamp) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false
  return bundles.every(({ out }) => existsSync(join(root, out))) && existsSync(join(root, 'web/dist/index.html'))
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const stamp = fingerprint()
if (process.argv.includes('--if-changed') && isCurrent(stamp)) process.exit(0)

// Not on standard output: `pnpm wild … -o json` may be read by a program.
console.error('Building Wild Central…')
await Promise.all(
  bundles.map(({ entry, out, options }) =>
    build({ ...shared, ...options, entryPoints: [join(root, entry)], outfile: join(root, out) }),
  ),
)
// The CLI is one CommonJS file (it starts fastest so); the note beside it tells Node.
writeFileSync(join(root, 'cli/dist/package.json'), '{"type":"commonjs"}\n')
for (const { out, executable } of bundles) if (executable) chmodSync(join(root, out), 0o755)
run(
  process.execPath,
  [join(root, 'web/node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  join(root, 'web'),
)
writeFileSync(stampFile, stamp)
