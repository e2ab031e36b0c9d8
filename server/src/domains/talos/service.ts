import type { OperationRecord, Operations } from '../../operations/engine.ts'
import type { Door } from '../../platform/door.ts'
import type { Downloads } from '../../platform/download.ts'
import { invalid, notFound, WildError } from '../../platform/errors.ts'
import { parse, talosVersion } from '../../platform/names.ts'
import { type SentFile, storedFile } from '../../platform/sent-file.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import { unifiedDiff } from '../../platform/unified-diff.ts'
import type { ConfigService } from '../config/index.ts'
import { downloadOperation } from './download/operation.ts'
import type { Factory } from './factory.ts'
import {
  type Asset,
  type AssetRef,
  assetAt,
  assetId,
  type DownloadInput,
  type Extension,
  type InstanceSchematic,
  savedName,
} from './model.ts'
import {
  canonicalSchematic,
  extensionName,
  kernelArgument,
  type Schematic,
  schematic,
  schematicIdOf,
} from './schematic.ts'

/** What to change of a schematic: what is left out stays; `schematic` replaces everything. */
export interface SchematicChange {
  extensions?: string[]
  kernelArguments?: string[]
  schematic?: unknown
}

/** What a change of a schematic did, or would do. */
export interface SchematicChanged {
  schematic: InstanceSchematic
  /** Unified difference of the canonical texts. */
  diff: string
  warnings: string[]
}

/** The verbs of Talos images. */
export interface TalosService {
  /** Talos versions that can be had, newest first. */
  versions(): Promise<string[]>
  extensions(version: string): Promise<Extension[]>
  schematic(instance: string): Promise<InstanceSchematic>
  /** Writes schematic and id; with `plan` only tells. Throws INVALID_INPUT naming an extension that the factory has not. */
  setSchematic(
    instance: string,
    change: SchematicChange,
    options: { plan?: boolean; via: Door },
  ): Promise<SchematicChanged>
  /** Tells the factory the schematic of an instance, and takes over the id it gives. */
  uploadSchematic(instance: string, via: Door): Promise<InstanceSchematic>
  /** Files that are here. */
  assets(): Promise<Asset[]>
  /** The copy of a file, unharmed; undefined when it is not here. Throws DOWNLOAD_FAILED when it was changed on disk. */
  copyOf(asset: AssetRef): Promise<string | undefined>
  /** A file that is here, from a byte on, to be saved elsewhere. Throws NOT_FOUND, INVALID_INPUT, DOWNLOAD_FAILED as `copyOf`. */
  file(id: string, from: number): Promise<SentFile>
  download(input: Partial<DownloadInput>, via: Door): Promise<OperationRecord>
  /** Removes files. Throws NOT_FOUND, and CONFLICT naming who boots from one, unless `force`. */
  deleteAssets(ids: string[], force: boolean): Promise<void>
  readonly changes: Signals<'assets'>
}

export interface TalosDeps {
  config: ConfigService
  operations: Operations
  /** Files that machines boot from. */
  downloads: Downloads
  factory: Factory
  /** Names of all instances. */
  instances(): Promise<string[]>
  /** Who boots machines from this file now, in words; undefined when nobody. */
  servedTo(asset: Asset): Promise<string | undefined>
}

const keys = 'cluster.nodes.talos'

/** Talos images over config, factory and downloads; defines `pxe.download`. */
export function createTalosService(deps: TalosDeps): TalosService {
  const { config, factory, downloads, operations } = deps
  const changes = createSignals<'assets'>()
  const changed = () => changes.emit('assets')
  operations.define(downloadOperation({ downloads, factory, schematicOf, knownYaml, changed }))

  async function schematicOf(instance: string): Promise<InstanceSchematic> {
    const [version, id, written] = await Promise.all(
      ['version', 'schematicId', 'schematic'].map((key) => config.get(instance, `${keys}.${key}`)),
    )
    const known = { instance, version: text(version), schematicId: text(id) }
    if (written === undefined || written === null) return { ...known, extensions: [], kernelArguments: [] }
    return { ...known, ...told(readSchematic(written)) }
  }

  async function knownYaml(id: string): Promise<string | undefined> {
    for (const instance of await deps.instances()) {
      const found = await schematicOf(instance).catch(() => undefined)
      if (found?.yaml && (found.computedId === id || found.schematicId === id)) return found.yaml
    }
    return undefined
  }

  /** Names that the factory cannot build, or why that is not known. */
  async function checkExtensions(version: string | undefined, names: string[]): Promise<string[]> {
    if (!version || names.length === 0) return []
    let offered: Extension[]
    try {
      offered = await factory.extensions(version)
    } catch (error) {
      if (!(error instanceof WildError)) throw error
      return [`Whether the factory has these extensions is not known: ${error.message}`]
    }
    const unknown = names.find((name) => !offered.some((one) => one.name === name))
    if (!unknown) return []
    throw invalid('extensions', `extensions: the image factory has no ${unknown} for Talos ${version}.`, {
      hint: 'wild-cli talos extensions',
    })
  }

  async function write(instance: string, next: Schematic, id: string, via: Door): Promise<void> {
    const by = { via, reason: 'talos schematic' }
    await config.set(
      instance,
      [
        { path: `${keys}.schematic`, value: next },
        { path: `${keys}.schematicId`, value: id },
      ],
      by,
    )
  }

  async function assets(): Promise<Asset[]> {
    const used = (
      await Promise.all((await deps.instances()).map((name) => schematicOf(name).catch(() => undefined)))
    ).filter((one) => one !== undefined)
    const found = (await downloads.list()).flatMap((copy): Asset[] => {
      const ref = assetAt(copy.url)
      if (!ref) return []
      const usedBy = used.filter(
        ({ version, schematicId }) => version === ref.version && schematicId === ref.schematicId,
      )
      return [{ ...ref, ...copy, id: assetId(ref), usedBy: usedBy.map(({ instance }) => instance) }]
    })
    return found.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  }

  const notHere = (id: string) => notFound('boot asset', id, 'wild-cli talos assets list')

  /** The file of this name. Throws NOT_FOUND. */
  function named(all: Asset[], id: string): Asset {
    const asset = all.find((one) => one.id === id)
    if (!asset) throw notHere(id)
    return asset
  }

  async function copyOf({ url }: AssetRef): Promise<string | undefined> {
    return (await downloads.cached(url))?.path
  }

  return {
    changes,
    assets,
    copyOf,
    async file(id, from) {
      const asset = named(await assets(), id)
      const path = await copyOf(asset)
      if (path === undefined) throw notHere(id)
      return storedFile(path, savedName(asset), from, () => notHere(id))
    },
    versions: factory.versions,
    extensions: (version) => factory.extensions(parse(talosVersion, version, 'version')),
    schematic: schematicOf,
    async setSchematic(instance, change, { plan, via }) {
      const before = await schematicOf(instance)
      const next = changedSchematic(await config.get(instance, `${keys}.schematic`), change)
      const after = told(next)
      const warnings = await checkExtensions(before.version, after.extensions)
      const diff =
        before.yaml === after.yaml ? '' : unifiedDiff(['as it is', 'as it will be'], before.yaml ?? '', after.yaml)
      if (!plan) await write(instance, next, after.computedId, via)
      return { schematic: { ...before, ...after, schematicId: after.computedId }, diff, warnings }
    },
    async uploadSchematic(instance, via) {
      const { yaml, schematicId } = await schematicOf(instance)
      if (!yaml)
        throw new WildError('NOT_FOUND', `${instance} says only the id of its schematic, not what is in it.`, {
          name: instance,
          hint: 'wild-cli talos schematic set --extension siderolabs/iscsi-tools',
        })
      const id = await factory.upload(yaml)
      if (id !== schematicId)
        await config.set(instance, [{ path: `${keys}.schematicId`, value: id }], {
          via,
          reason: 'talos schematic upload',
        })
      return schematicOf(instance)
    },
    download: (input, via) => operations.start('pxe.download', input, via),
    async deleteAssets(ids, force) {
      const all = await assets()
      const chosen = ids.map((id) => named(all, id))
      for (const asset of force ? [] : chosen) {
        const whom = await deps.servedTo(asset)
        if (whom)
          throw new WildError('CONFLICT', `${asset.id} is in use: ${whom}. Force it to remove it all the same.`, {
            name: asset.id,
            hint: `wild-cli talos assets delete ${asset.id} --force`,
          })
      }
      for (const { url } of chosen) await downloads.remove(url)
      changed()
    },
  }
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

/** Throws CONFIG_INVALID naming what the factory would not take. */
function readSchematic(written: unknown): Schematic {
  const parsed = schematic.safeParse(written)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = [keys, 'schematic', ...(issue?.path ?? [])].join('.')
  throw new WildError('CONFIG_INVALID', `${field} does not make sense: ${issue?.message}`, { field })
}

function told(given: Schematic) {
  return {
    yaml: canonicalSchematic(given),
    computedId: schematicIdOf(given),
    extensions: given.customization.systemExtensions?.officialExtensions ?? [],
    kernelArguments: given.customization.extraKernelArgs ?? [],
  }
}

function changedSchematic(
  written: unknown,
  { extensions, kernelArguments, schematic: whole }: SchematicChange,
): Schematic {
  if (whole === undefined && !extensions && !kernelArguments)
    throw invalid('extensions', 'Nothing to change: name extensions, kernel_arguments or schematic.')
  const base = whole === undefined ? readSchematic(written ?? {}) : parse(schematic, whole, 'schematic')
  const names = extensions?.map((name, at) => parse(extensionName, name, `extensions.${at}`))
  const args = kernelArguments?.map((one, at) => parse(kernelArgument, one, `kernelArguments.${at}`))
  return {
    ...base,
    customization: {
      ...base.customization,
      ...(args ? { extraKernelArgs: args } : {}),
      ...(names ? { systemExtensions: { officialExtensions: [...new Set(names)].sort() } } : {}),
    },
  }
}
