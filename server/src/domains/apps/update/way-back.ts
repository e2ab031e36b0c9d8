import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Step, StepContext } from '../../../operations/define.ts'
import { NotYet } from '../../../operations/define.ts'
import { exists, readFileIfThere, writeFileAtomic } from '../../../platform/atomic-file.ts'
import { filesBelow, keyOf, leftovers, parseManifests, readiness, withHash, workloads } from '../../objects/index.ts'
import type { AppWorld } from '../deploy/world.ts'

/** The state before an update: files, the note about them, and settings. It lies there until the update has ended well. */
function placesOf({ deps, instance, manifest: { name }, folder }: AppWorld) {
  const { state } = deps.instances.paths(instance)
  const root = join(state, 'updates', name)
  return {
    root,
    files: join(root, 'files'),
    config: join(root, 'config.json'),
    note: { kept: join(root, 'note.json'), own: join(state, 'rendered', 'apps', `${name}.json`) },
    bases: { kept: join(root, 'bases'), own: join(state, 'rendered', 'apps', `${name}.bases`) },
    folder,
  }
}

/** Keeps what is needed to go back, before the first file is changed. */
export function keepWayBack(w: AppWorld): Step {
  const places = placesOf(w)
  return {
    name: 'keep-way-back',
    title: 'Keeping a way back',
    weight: 0.5,
    async done(ctx) {
      if (await exists(places.config)) return 'kept by an update that did not end'
      if ((await w.configurer.pending()).nothing) return 'nothing changes'
      const [running] = await w.kubectl(ctx).get('namespace', { name: w.namespace })
      return !running && 'it does not run yet: there is nothing to go back to'
    },
    async run() {
      const draft = `${places.root}.new`
      await rm(draft, { recursive: true, force: true })
      await mkdir(draft, { recursive: true, mode: 0o700 })
      await cp(places.folder, join(draft, 'files'), { recursive: true })
      for (const { kept, own } of [places.note, places.bases])
        if (await exists(own)) await cp(own, kept.replace(places.root, draft), { recursive: true })
      const settings = await w.deps.config.get(w.instance, `apps.${w.manifest.name}`)
      await writeFile(join(draft, 'config.json'), JSON.stringify(settings ?? null), { mode: 0o600 })
      await rm(places.root, { recursive: true, force: true })
      await rename(draft, places.root)
    },
  }
}

/** Forgets the way back once the new state runs. */
export function forgetWayBack(w: AppWorld): Step {
  const { root } = placesOf(w)
  return {
    name: 'forget-way-back',
    title: 'Tidying up',
    weight: 0.5,
    done: async () => !(await exists(root)),
    run: () => rm(root, { recursive: true, force: true }),
  }
}

const readySeconds = 30

/** Puts settings, files and objects back to what they were before the update. Data is not touched: that is what a backup is for. */
export async function goBack(w: AppWorld, ctx: StepContext): Promise<void> {
  const places = placesOf(w)
  const config = await readFileIfThere(places.config)
  if (config === undefined) return
  await restoreFiles(places)
  const settings = JSON.parse(config) as unknown
  if (settings !== null)
    await w.deps.config.set(w.instance, [{ path: `apps.${w.manifest.name}`, value: settings }], {
      via: 'daemon',
      reason: `app update ${w.manifest.name}, taken back`,
    })
  const kubectl = w.kubectl(ctx)
  const before = parseManifests(await kubectl.kustomize(w.folder))
  // Jobs have done their work; one that may not change would only be in the way.
  await kubectl.apply(before.filter(({ kind }) => kind !== 'Job').map(withHash))
  await kubectl.deleteAll(await leftovers(kubectl, w.namespace, before), readySeconds)
  await rm(places.root, { recursive: true, force: true })
  ctx.warn(`${w.manifest.title} was put back to what it was before the update; its data was not touched.`)
  const running = before.filter(({ kind }) => workloads.has(kind))
  await ctx.waitFor({
    what: `${w.manifest.title} to run as before`,
    attempts: readySeconds,
    intervalMs: 1_000,
    async look() {
      const live = await kubectl.getLive(running, { repeated: true })
      const waits = live.find((object) => !readiness(object).ready)
      if (waits) throw new NotYet(`${keyOf(waits)}: ${readiness(waits).reason}`)
    },
  })
}

async function restoreFiles(places: ReturnType<typeof placesOf>): Promise<void> {
  const before = await filesBelow(places.files)
  for (const path of before) {
    const text = await readFile(join(places.files, path), 'utf8')
    if ((await readFileIfThere(join(places.folder, path))) !== text)
      await writeFileAtomic(join(places.folder, path), text)
  }
  for (const path of await filesBelow(places.folder))
    if (!before.includes(path)) await rm(join(places.folder, path), { force: true })
  for (const { kept, own } of [places.bases, places.note]) {
    await rm(own, { recursive: true, force: true })
    if (await exists(kept)) await cp(kept, own, { recursive: true })
  }
}
