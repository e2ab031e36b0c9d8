import { chmod, cp, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Step } from '../../../../operations/define.ts'
import { exists, makeDirectory, readFileIfThere, syncFolder, temporaryName } from '../../../../platform/atomic-file.ts'
import type { InstancePaths } from '../../../../platform/paths.ts'
import { stampedName } from '../snapshots/model.ts'
import type { ChangeWorld } from '../world.ts'

/** What leads into the cluster, by the name it gets in the copy. */
const keysOf = (places: InstancePaths): [string, string][] => [
  ['generated', places.generated],
  ['talosconfig', places.talosconfig],
  ['kubeconfig', places.kubeconfig],
]

/** Makes a copy readable by us alone, at any depth. */
async function tighten(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  await chmod(path, 0o700)
  for (const entry of entries) await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
}

/** True when a saved copy holds the keys as they are now. */
async function isSaved(places: InstancePaths, folder: string): Promise<boolean> {
  const pairs: [string, string][] = [
    [join(places.generated, 'secrets.yaml'), join(folder, 'generated', 'secrets.yaml')],
    [places.kubeconfig, join(folder, 'kubeconfig')],
  ]
  for (const [now, saved] of pairs) {
    const text = await readFileIfThere(now)
    if (text !== undefined && text !== (await readFileIfThere(saved))) return false
  }
  return true
}

/** The copy that holds the keys as they are now. */
async function savedCopy(places: InstancePaths): Promise<string | undefined> {
  const names = (await readdir(places.savedKeys).catch(() => [])).filter((name) => !name.startsWith('.')).sort()
  for (const name of names.reverse())
    if (await isSaved(places, join(places.savedKeys, name))) return join(places.savedKeys, name)
  return undefined
}

/** Copies the keys of the cluster to a place where no reset touches them: secrets, machine configurations, both configs. */
export function saveKeys(w: ChangeWorld): Step {
  const { places } = w
  const draftOf = (folder: string) => temporaryName(folder)
  return {
    name: 'save-keys',
    title: 'Saving the keys of the cluster',
    async done() {
      if (!(await exists(places.generated))) return 'nothing was generated yet'
      const saved = await savedCopy(places)
      return saved ? `they are in ${saved}` : false
    },
    async run(ctx) {
      const folder = join(places.savedKeys, stampedName(ctx.clock.now()))
      const draft = draftOf(folder)
      await makeDirectory(draft, { secret: true })
      try {
        for (const [name, path] of keysOf(places))
          if (await exists(path)) await cp(path, join(draft, name), { recursive: true })
        await tighten(draft)
        await chmod(places.savedKeys, 0o700)
        await rename(draft, folder)
        await syncFolder(places.savedKeys)
      } finally {
        await rm(draft, { recursive: true, force: true })
      }
      ctx.result({ keys: folder })
      ctx.say(`Secrets, machine configurations, talosconfig and kubeconfig are saved in ${basename(folder)}`)
    },
    plan: async () => [{ kind: 'file', text: `Copy secrets and configurations to ${places.savedKeys}` }],
  }
}
