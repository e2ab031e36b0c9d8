import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Step } from '../../../operations/define.ts'
import { exists, makeDirectory, readFileIfThere, writeFileAtomic } from '../../../platform/atomic-file.ts'
import type { Author } from '../../../platform/history.ts'
import { bundled, filesPart } from '../app/copy-files.ts'
import { unbundle } from '../bundle/read.ts'
import { damaged } from '../vault/sealed.ts'
import { readPart } from './prove.ts'
import { type RestoreWorld, reached } from './world.ts'

/** Settings, secrets and files of the app become those of the backup; what they were is kept. */
export function putFilesBack(w: RestoreWorld): Step {
  const { deps, instance, manifest } = w
  const places = deps.instances.paths(instance)
  const by: Author = { via: 'daemon', reason: `restore of ${w.backup.id}` }

  async function settings(folder: string): Promise<void> {
    const tree = parse(await readFile(join(folder, bundled.settings), 'utf8'))?.apps?.[manifest.name] ?? {}
    const now = await deps.config.get(instance, `apps.${manifest.name}`)
    if (JSON.stringify(now) === JSON.stringify(tree)) return
    await deps.config.set(instance, [{ path: `apps.${manifest.name}`, value: tree }], by)
  }

  /** Its own secrets are those its data was made with; those it shares with others stay where they are set. */
  async function secrets(folder: string): Promise<void> {
    const kept = parse(await readFile(join(folder, bundled.secrets), 'utf8')) as Record<string, string> | null
    for (const [path, value] of Object.entries(kept ?? {})) {
      const now = await deps.secrets.value(instance, path)
      const own = path.startsWith(`apps.${manifest.name}.`)
      if (now !== value && (own || now === undefined)) await deps.secrets.set(instance, { path, value }, by)
    }
  }

  async function files(folder: string): Promise<void> {
    const from = join(folder, bundled.app)
    const changed: string[] = []
    for (const path of await filesOf(from))
      if ((await readFileIfThere(join(w.folder, path))) !== (await readFile(join(from, path), 'utf8')))
        changed.push(path)
    if (changed.length === 0) return
    if (await exists(w.folder)) {
      const kept = join(places.state, 'replaced', `${manifest.name}-${w.mark}`)
      await makeDirectory(kept, { secret: true })
      await cp(w.folder, kept, { recursive: true, force: false })
    }
    for (const path of changed) await writeFileAtomic(join(w.folder, path), await readFile(join(from, path)))
    const note = await readFileIfThere(join(folder, bundled.note))
    if (note !== undefined) await writeFileAtomic(join(places.state, 'rendered', 'apps', `${manifest.name}.json`), note)
  }

  return {
    name: 'files',
    title: 'Putting back settings, secrets and files',
    done: (ctx) => reached(w, ctx, 'aside'),
    plan: () =>
      Promise.resolve([
        {
          kind: 'file' as const,
          text: `apps.${manifest.name} of config.yaml and secrets.yaml and the folder apps/${manifest.name} would be those of ${w.backup.id}`,
        },
      ]),
    async run(ctx) {
      const part = w.backup.parts.find(({ name }) => name === filesPart)
      if (!part) throw damaged('it has no files')
      await makeDirectory(places.state)
      const folder = await mkdtemp(join(places.state, '.restore-'))
      try {
        await readPart(w.vault, ctx.run, w.backup.id, part, (from) => unbundle(from, folder))
        await settings(folder)
        await secrets(folder)
        await files(folder)
        ctx.hide(await deps.secrets.allValues(instance))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
      deps.instances.changed(instance, 'apps')
    },
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
}
