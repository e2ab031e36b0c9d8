import { lstat, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exists, readFileIfThere, temporaryName } from '../../../platform/atomic-file.ts'
import type { Clock } from '../../../platform/clock.ts'
import { notFound, WildError } from '../../../platform/errors.ts'
import type { Log } from '../../../platform/log.ts'
import { instanceName, parse } from '../../../platform/names.ts'
import type { Paths } from '../../../platform/paths.ts'
import type { Instance } from '../model.ts'
import type { InstancesService } from '../service.ts'
import { alreadyThere, type InstanceStore } from '../store.ts'
import { readTrashEntryName, type TrashEntry } from './model.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Deleted instances. What else lies in the folder is left alone. */
export interface TrashService {
  /** Newest first. */
  list(): Promise<TrashEntry[]>
  /** Puts one back, under its name or another. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT (field `name`), CONFLICT. */
  restore(entry: string, name?: string): Promise<Instance>
  /** Removes one for good. Throws NOT_FOUND. */
  delete(entry: string): Promise<void>
  /** Removes those older than `trash.keepDays`; none when that setting cannot be read. Returns their names. */
  prune(): Promise<string[]>
  /** Prunes now and once a day until the signal aborts. Never throws. */
  keepPruning(signal: AbortSignal): Promise<void>
}

export interface TrashDeps {
  store: InstanceStore
  instances: InstancesService
  paths: Paths
  clock: Clock
  log: Log
}

/** The trash over its folder. */
export function createTrashService({ store, instances, paths, clock, log }: TrashDeps): TrashService {
  async function entries(): Promise<{ entry: string; instance: string; deletedAt: string }[]> {
    const found = await readdir(paths.trash, { withFileTypes: true }).catch(() => [])
    return found
      .filter((each) => each.isDirectory())
      .flatMap(({ name: entry }) => {
        const read = readTrashEntryName(entry)
        return read ? [{ entry, ...read }] : []
      })
      .sort((a, b) => (a.deletedAt < b.deletedAt ? 1 : -1))
  }

  async function find(entry: string) {
    const found = (await entries()).find((each) => each.entry === entry)
    if (!found) throw notFound('deleted instance', entry.slice(0, 100), 'wild-cli instance trash list')
    return { ...found, path: join(paths.trash, found.entry) }
  }

  /** Renamed first, so that a half-removed one is never listed; the next start removes what is left. */
  async function remove(path: string): Promise<void> {
    const doomed = temporaryName(path)
    await rename(path, doomed)
    await rm(doomed, { recursive: true, force: true })
  }

  async function prune(): Promise<string[]> {
    const oldest = clock.now() - (await store.keepDays()) * dayMs
    const old = (await entries()).filter(({ deletedAt }) => Date.parse(deletedAt) < oldest)
    for (const { entry } of old) await remove(join(paths.trash, entry))
    return old.map(({ entry }) => entry)
  }

  return {
    async list() {
      const days = await store.keepDays().catch(() => undefined)
      const all = await entries()
      return Promise.all(
        all.map(async ({ entry, instance, deletedAt }) => ({
          entry,
          name: instance,
          deletedAt,
          ...(days === undefined ? {} : { goneAt: new Date(Date.parse(deletedAt) + days * dayMs).toISOString() }),
          ...(await contentOf(join(paths.trash, entry))),
        })),
      )
    },
    async restore(entry, name) {
      const found = await find(entry)
      const target = parse(instanceName, name ?? found.instance, 'name')
      if (await exists(paths.instance(target).root)) throw alreadyThere(target, 'Restore it under another name.')
      if (!(await exists(join(found.path, '.wildcloud'))))
        throw new WildError('CONFLICT', `${entry} has no folder .wildcloud: it is no whole instance.`, { entry })
      await store.prepare()
      await store.place(found.path, target)
      return instances.appeared(target)
    },
    async delete(entry) {
      await remove((await find(entry)).path)
    },
    prune,
    async keepPruning(signal) {
      while (!signal.aborted) {
        try {
          const gone = await prune()
          if (gone.length) log.info({ gone }, 'removed deleted instances whose time was over')
        } catch (error) {
          log.warn({ err: error }, 'the trash was not looked through')
        }
        await clock.sleep(dayMs, signal).catch(() => undefined)
      }
    },
  }
}

async function contentOf(root: string): Promise<Pick<TrashEntry, 'description' | 'size' | 'files' | 'apps'>> {
  const apps = await readdir(join(root, 'apps'), { withFileTypes: true }).catch(() => [])
  return {
    ...(await sizeOf(root)),
    description: await descriptionOf(root),
    apps: apps.flatMap((each) => (each.isDirectory() ? [each.name] : [])).sort(),
  }
}

async function descriptionOf(root: string): Promise<string> {
  try {
    const note = JSON.parse((await readFileIfThere(join(root, '.wildcloud', 'instance.json'))) ?? '{}')
    return typeof note?.description === 'string' ? note.description : ''
  } catch {
    return ''
  }
}

async function sizeOf(folder: string): Promise<{ size: number; files: number }> {
  const sum = { size: 0, files: 0 }
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      const inner = await sizeOf(path)
      sum.size += inner.size
      sum.files += inner.files
    } else {
      sum.size += (await lstat(path).catch(() => ({ size: 0 }))).size
      sum.files++
    }
  }
  return sum
}
