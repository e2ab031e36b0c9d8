import type { Audit } from '../../../platform/audit.ts'
import type { Door } from '../../../platform/door.ts'
import { invalid } from '../../../platform/errors.ts'
import type { Masker } from '../../../platform/masking.ts'
import { instanceName, parse } from '../../../platform/names.ts'
import type { Paths } from '../../../platform/paths.ts'
import type { Instance } from '../model.ts'
import type { InstancesService } from '../service.ts'
import { alreadyThere, type InstanceStore } from '../store.ts'
import { checkInstanceFiles, createTakeIn } from '../take-in.ts'
import { pack, unpack } from './pack.ts'
import { largestArchive, megabytes, seal, unseal, usablePassphrase } from './seal.ts'

/** One instance as one encrypted file. */
export interface InstanceArchive {
  name: string
  /** `home-2026-01-31.wild` */
  fileName: string
  /** Bytes of the file. */
  size: number
  /** The file, in base64. */
  content: string
}

export interface ImportInput {
  /** The file, in base64. */
  archive: string
  passphrase: string
  /** Default: the name it was exported with. */
  name?: string
}

/** Exports and imports of whole instances. Operations of the past stay with the daemon; caches of tools are left out. */
export interface ArchiveService {
  /**
   * The whole folder of an instance, encrypted; noted in the audit log. Throws NOT_FOUND, INVALID_INPUT (passphrase),
   * CONFIG_INVALID when its files could not be imported again, CONFLICT when it is too large or has links in it.
   */
  export(name: string, passphrase: string, via: Door): Promise<InstanceArchive>
  /**
   * An instance made of such a file, whole or not at all. Throws INVALID_INPUT (fields `archive`, `passphrase`, `name`),
   * ALREADY_EXISTS, CONFIG_INVALID.
   */
  import(input: ImportInput): Promise<Instance>
}

export interface ArchiveDeps {
  store: InstanceStore
  instances: InstancesService
  paths: Paths
  masker: Masker
  audit: Audit
}

/** Exports and imports over the folders of instances. */
export function createArchiveService({ store, instances, paths, masker, audit }: ArchiveDeps): ArchiveService {
  const takeIn = createTakeIn({ store, instances, paths })
  let tail: Promise<unknown> = Promise.resolve()
  /** One at a time: each takes memory for the whole instance, and time for its key. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }

  /** Nothing may repeat the passphrase, not even an error. */
  function hidden(passphrase: string): string {
    const usable = usablePassphrase(passphrase)
    masker.add([passphrase, usable])
    return usable
  }

  return {
    async export(name, passphrase, via) {
      const phrase = hidden(passphrase)
      await instances.require(name)
      return alone(async () => {
        const { root } = paths.instance(name)
        await checkInstanceFiles(root)
        const exportedAt = new Date().toISOString()
        const bytes = await seal(await pack(root, { name, exportedAt }), phrase)
        audit.record({ action: 'instance.export', door: via, instance: name, key: 'the whole instance' })
        const fileName = `${name}-${exportedAt.slice(0, 10)}.wild`
        return { name, fileName, size: bytes.length, content: bytes.toString('base64') }
      })
    },
    async import({ archive, passphrase, name }) {
      const phrase = hidden(passphrase)
      if (name !== undefined) await free(parse(instanceName, name, 'name'))
      const bytes = decode(archive)
      return alone(async () => {
        const unpacked = await unpack(await unseal(bytes, phrase))
        const target = name ?? unpacked.name
        await free(parse(instanceName, target, name === undefined ? 'archive' : 'name'))
        return takeIn(target, (folder) => unpacked.into(folder))
      })
    },
  }

  /** Throws ALREADY_EXISTS. */
  async function free(name: string): Promise<void> {
    if (await store.has(name)) throw alreadyThere(name, 'Import it under another name.')
  }
}

function decode(base64: string): Buffer {
  if (base64.length > Math.ceil(largestArchive / 3) * 4)
    throw invalid('archive', `The file is larger than ${megabytes(largestArchive)}, the most an export has.`)
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw invalid('archive', 'archive: send the file as base64.')
  return Buffer.from(base64, 'base64')
}
