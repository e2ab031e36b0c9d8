import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { invalid, WildError } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import type { Masker } from '../../platform/masking.ts'
import type { Paths } from '../../platform/paths.ts'
import { createYamlFile, type Tree } from '../../platform/yaml-file.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import type { ConfigService } from '../config/index.ts'
import { readTrashEntryName } from '../instances/index.ts'
import { randomSecret, type SecretsService } from '../secrets/index.ts'
import type { BackupSettingsStore } from './settings.ts'
import { createArchiveVault } from './vault/archive-vault.ts'
import { createResticVault } from './vault/restic-vault.ts'
import type { Vault } from './vault/vault.ts'

/** Where backups go. */
export interface Targets {
  /**
   * The vault of an instance: the restic repository named by `cloud.backup.root`, else encrypted files in the data
   * directory. Throws INVALID_INPUT when the repository has no password yet, CONFIG_INVALID for one that makes no sense.
   */
  ofInstance(instance: string): Promise<Vault>
  /** The vault of an instance that was deleted, opened with what lies in the trash; undefined when it does not lie there. */
  ofDeleted(instance: string): Promise<Vault | undefined>
  /** The vault of the whole device: `backup.repository` of central.yaml, else encrypted files in the data directory. */
  ofDevice(): Promise<Vault>
}

/** Setting of an instance that says where its backups go. */
export const rootPath = 'cloud.backup.root'
/** Secrets of an instance that open its target. */
export const passwordPath = 'cloud.backupPassword'
export const keyPaths = { AWS_ACCESS_KEY_ID: 'cloud.backupAccessKey', AWS_SECRET_ACCESS_KEY: 'cloud.backupSecretKey' }

const by: Author = { via: 'daemon', reason: 'backup' }

/** Checks a repository as restic takes it. Throws INVALID_INPUT naming the field. */
export function checkRepository(repository: string, field: string): string {
  const text = repository.trim()
  if (/\s|\p{Cc}/u.test(text)) throw invalid(field, `${field}: a repository has no spaces or line breaks in it.`)
  if (isAbsolute(text)) return text
  const known = /^(sftp:.+|s3:.+\/.+|rest:https?:\/\/.+)$/.test(text)
  if (!known)
    throw invalid(
      field,
      `${field}: give an absolute path (/mnt/backup), sftp:user@host:/path, s3:https://host/bucket or rest:https://host/path.`,
    )
  if (/\/\/[^/@]*:[^/@]*@/.test(text))
    throw invalid(
      field,
      `${field}: leave the password out of the address; keys are secrets (${Object.values(keyPaths).join(', ')}).`,
    )
  return text
}

/** Folder of an instance in the trash, the one that was deleted last. */
async function newestInTrash(trash: string, instance: string): Promise<string | undefined> {
  const entries = (await readdir(trash).catch(() => [])).filter(
    (entry) => readTrashEntryName(entry)?.instance === instance,
  )
  const newest = entries.sort().at(-1)
  return newest === undefined ? undefined : join(trash, newest)
}

/** Vaults from settings and secrets; each is made when it is asked for, so that a change counts at once. */
export function createTargets(deps: {
  paths: Paths
  config: ConfigService
  secrets: SecretsService
  settings: BackupSettingsStore
  masker: Masker
}): Targets {
  const { paths, config, secrets, settings, masker } = deps
  const folder = join(paths.data, 'backups')

  /** The same vault for the same place, so that a key is derived once. */
  const archives = new Map<string, Vault>()
  function archive(name: string, passphrase: () => Promise<string>): Vault {
    const vault = archives.get(name) ?? createArchiveVault(join(folder, name), passphrase)
    archives.set(name, vault)
    return vault
  }

  function restic(
    place: string,
    host: string,
    open: () => Promise<{ password: string; keys: Record<string, string> }>,
  ) {
    const mark = createHash('sha256').update(place).digest('hex').slice(0, 16)
    return createResticVault({
      place,
      host,
      repository: async () => ({ repository: place, cache: join(paths.cache, 'restic'), ...(await open()) }),
      cache: join(paths.cache, 'backups', mark),
      known: join(folder, 'repositories', `${mark}.txt`),
    })
  }

  async function generated(instance: string): Promise<string> {
    await secrets.ensure(instance, [{ path: passwordPath, generate: () => randomSecret() }], by)
    return (await secrets.value(instance, passwordPath))!
  }

  async function given(instance: string): Promise<{ password: string; keys: Record<string, string> }> {
    const password = await secrets.value(instance, passwordPath)
    if (password === undefined)
      throw new WildError(
        'INVALID_INPUT',
        `The backup repository of ${instance} has no password yet. Set the one it was made with, or a new one; without it nobody can read the backups.`,
        { field: passwordPath, hint: `wild-cli secret set ${passwordPath}` },
      )
    const keys: Record<string, string> = {}
    for (const [name, path] of Object.entries(keyPaths)) {
      const value = await secrets.value(instance, path)
      if (value !== undefined) keys[name] = value
    }
    return { password, keys }
  }

  return {
    async ofInstance(instance) {
      const root = await config.get(instance, rootPath)
      if (root === undefined || root === null || root === '')
        return archive(`instances/${instance}`, () => generated(instance))
      if (typeof root !== 'string')
        throw new WildError('CONFIG_INVALID', `${rootPath} has to be a text.`, { field: rootPath })
      const place = checkRepository(root, rootPath)
      await given(instance)
      return restic(place, instance, () => given(instance))
    },
    async ofDeleted(instance) {
      const kept = await newestInTrash(paths.trash, instance)
      if (!kept) return undefined
      const read = async (file: string) => (await createYamlFile(join(kept, file), file).read()).tree
      const text = (tree: Tree, path: string) => {
        const value = valueAt(tree, parseYamlPath(path))
        return typeof value === 'string' && value !== '' ? value : undefined
      }
      const [settingsThen, secretsThen] = [await read('config.yaml'), await read('secrets.yaml')]
      const password = text(secretsThen, passwordPath)
      if (password === undefined)
        throw new WildError('CONFLICT', `The password of the backups of ${instance} is not in the trash either.`, {
          field: passwordPath,
        })
      const keys = Object.fromEntries(
        Object.entries(keyPaths).flatMap(([name, path]) => {
          const value = text(secretsThen, path)
          return value === undefined ? [] : [[name, value]]
        }),
      )
      masker.add([password, ...Object.values(keys)])
      const root = text(settingsThen, rootPath)
      if (root === undefined) return createArchiveVault(join(folder, `instances/${instance}`), async () => password)
      return restic(checkRepository(root, rootPath), instance, async () => ({ password, keys }))
    },
    async ofDevice() {
      const { repository } = await settings.read()
      if (repository === undefined) return archive('device', settings.passphrase)
      await settings.passphrase()
      return restic(checkRepository(repository, 'backup.repository'), 'device', async () => ({
        password: await settings.passphrase(),
        keys: await settings.keys(),
      }))
    },
  }
}
