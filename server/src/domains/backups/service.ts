import { join } from 'node:path'
import type { StepItem } from '../../operations/define.ts'
import type { OperationRecord } from '../../operations/engine.ts'
import type { Door } from '../../platform/door.ts'
import type { Masker } from '../../platform/masking.ts'
import type { Paths } from '../../platform/paths.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import type { InstallDeps } from '../services/index.ts'
import type { AppBackupDeps } from './app/deps.ts'
import { appBackupSteps, backupApp } from './app/operation.ts'
import { deleteBackup } from './keep/delete.ts'
import { verifyBackup } from './keep/verify.ts'
import { type BackupManifest, type BackupReason, backupTime, newBackupId, type StoredBackup } from './model.ts'
import { createPartNotes } from './notes.ts'
import { restoreApp } from './restore/operation.ts'
import { type BackupSettingsStore, createBackupSettings } from './settings.ts'
import { createTargets, type Targets } from './targets.ts'

/** A backup as it is shown. */
export interface Backup {
  id: string
  kind: string
  instance?: string
  app?: string
  appVersion?: string
  createdAt: string
  reason?: string
  /** False: begun and never finished. */
  whole: boolean
  bytes: number
  parts: BackupManifest['parts']
}

/** Where backups of an instance or the device go. */
export interface BackupTarget {
  kind: 'archive' | 'restic'
  place: string
  /** Why it cannot be used as it is. */
  problem?: string
}

/** The verbs of backups. */
export interface BackupsService {
  /** Backups of an instance, newest first; of one app with `app`. Throws when its target cannot be read. */
  list(instance: string, app?: string): Promise<Backup[]>
  /** Backups of the whole device. */
  listDevice(): Promise<Backup[]>
  target(instance?: string): Promise<BackupTarget>
  backupApp(input: { instance: string; app: string; reason?: BackupReason }, via: Door): Promise<OperationRecord>
  restoreApp(input: Record<string, unknown>, via: Door): Promise<OperationRecord>
  verify(input: { instance?: string; backup: string }, via: Door): Promise<OperationRecord>
  delete(input: { instance?: string; backup: string; force?: boolean }, via: Door): Promise<OperationRecord>
  /**
   * The steps of a backup of an app as part of another operation, which holds the app's lock. With an id made before,
   * running them again goes on with the same backup.
   */
  appSteps(input: { instance: string; app: string; reason: BackupReason; backup?: string }): Promise<StepItem[]>
  /** A name for a backup of an app that is about to be made. */
  newAppBackupId(instance: string, app: string): string
  readonly changes: Signals<void>
}

export interface BackupsDeps extends InstallDeps {
  paths: Paths
  masker: Masker
  central: YamlFile
}

/** What the parts of this domain share. */
export interface BackupsWorld extends AppBackupDeps {
  settings: BackupSettingsStore
  targets: Targets
}

function shown({ id, manifest }: StoredBackup): Backup {
  if (!manifest) {
    const kind = id.split('-')[0]!
    return { id, kind, createdAt: new Date(backupTime(id)).toISOString(), whole: false, bytes: 0, parts: [] }
  }
  const { kind, instance, app, appVersion, createdAt, reason, parts } = manifest
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  return { id, kind, instance, app, appVersion, createdAt, reason, whole: true, bytes, parts }
}

/** Backups over targets, cluster and files; defines their operations. */
export function createBackupsService(deps: BackupsDeps): BackupsService {
  const { paths, masker, operations, instances } = deps
  const changes = createSignals<void>()
  const settings = createBackupSettings(deps.central, join(paths.data, 'backup-secrets.json'), masker)
  const targets = createTargets({ ...deps, settings })
  const changed = () => changes.emit()
  const notes = createPartNotes(join(paths.cache, 'backups', 'making'))
  const world: BackupsWorld = { ...deps, settings, targets, notes, changed }
  operations.define(backupApp(world))
  operations.define(restoreApp(world))
  operations.define(verifyBackup(world))
  operations.define(deleteBackup(world))

  const newAppBackupId = (instance: string, app: string) => newBackupId('app', [instance, app], deps.clock.now())

  return {
    changes,
    async list(instance, app) {
      await instances.require(instance)
      const found = await (await targets.ofInstance(instance)).list(deps.reads)
      const all = found.map(shown)
      return app === undefined
        ? all
        : all.filter((one) => one.id.startsWith(`app-${instance}-${app}-2`) || one.app === app)
    },
    listDevice: async () => (await (await targets.ofDevice()).list(deps.reads)).map(shown),
    async target(instance) {
      if (instance !== undefined) await instances.require(instance)
      try {
        const { kind, place } = await (instance === undefined ? targets.ofDevice() : targets.ofInstance(instance))
        return { kind, place }
      } catch (error) {
        return { kind: 'restic', place: '', problem: (error as Error).message }
      }
    },
    backupApp: (input, via) => operations.start('app.backup', input, via),
    restoreApp: (input, via) => operations.start('app.restore', input, via),
    verify: (input, via) => operations.start('backup.verify', input, via),
    delete: (input, via) => operations.start('backup.delete', input, via),
    newAppBackupId,
    appSteps: (input) =>
      appBackupSteps(world, { ...input, backup: input.backup ?? newAppBackupId(input.instance, input.app) }),
  }
}
