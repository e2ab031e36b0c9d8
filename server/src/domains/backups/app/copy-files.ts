import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'yaml'
import type { Step } from '../../../operations/define.ts'
import { valueAt } from '../../../platform/yaml-path.ts'
import { type BundleEntry, bundle, fileEntry, filesOf, textEntry } from '../bundle/write.ts'
import { isFinished, type Making, madeParts, storePart } from '../parts.ts'
import type { AppDataWorld } from './world.ts'

export const filesPart = 'files.bundle'
/** What is in the bundle beside the files of the app, which are below `app/`. */
export const bundled = { settings: 'settings.yaml', secrets: 'secrets.yaml', note: 'rendered.json', app: 'app/' }

/** Settings and secrets of an app with the files it is deployed from. */
export function copyFiles(w: AppDataWorld, making: Making): Step {
  async function* entries(): AsyncGenerator<BundleEntry> {
    const { deps, instance, manifest } = w
    const settings = (await deps.config.get(instance, `apps.${manifest.name}`)) ?? {}
    yield textEntry(bundled.settings, stringify({ apps: { [manifest.name]: settings } }))
    yield textEntry(bundled.secrets, stringify(await ownSecrets(w)))
    const places = deps.instances.paths(instance)
    const note = await fileEntry(join(places.state, 'rendered', 'apps', `${manifest.name}.json`), bundled.note)
    if (note) yield note
    yield { path: 'app', mode: 0o755 }
    yield* filesOf(w.folder, { prefix: bundled.app })
  }

  return {
    name: 'files',
    title: 'Copying settings, secrets and files',
    done: async (ctx) =>
      (await isFinished(making, ctx)) || (await madeParts(making, ctx)).some(({ name }) => name === filesPart),
    plan: () =>
      Promise.resolve([
        {
          kind: 'note' as const,
          text: `settings and secrets of ${w.manifest.title} and its folder ${relative(w.deps.instances.paths(w.instance).root, w.folder)} would be stored`,
        },
      ]),
    run: (ctx) =>
      storePart(making, ctx, { name: filesPart, kind: 'files' }, (into) =>
        pipeline(Readable.from(bundle(entries())), into),
      ),
  }
}

/** Secrets of the app itself and those it declares, by path. */
async function ownSecrets({ deps, instance, manifest }: AppDataWorld): Promise<Record<string, string>> {
  const paths = new Set(manifest.secrets.map(({ path }) => path))
  const own = valueAt(await deps.secrets.tree(instance), ['apps', manifest.name])
  if (typeof own === 'object' && own !== null)
    for (const name of leafNames(own)) paths.add(`apps.${manifest.name}.${name}`)
  const found: Record<string, string> = {}
  for (const path of paths) {
    const value = await deps.secrets.value(instance, path)
    if (value !== undefined) found[path] = value
  }
  return found
}

function leafNames(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? leafNames(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  )
}
