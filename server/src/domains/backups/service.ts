import { join } from 'node:path'
import type { PlannedChange, StepItem } from '../../operations/define.ts'
import type { OperationRecord } from '../../operations/engine.ts'
import type { Db } from '../../platform/db.ts'
import type { Door } from '../../platform/door.ts'
import type { Log } from '../../platform/log.ts'
import type { Masker } from '../../platform/masking.ts'
import type { Paths } from '../../platform/paths.ts'
import type { SentFile } from '../../platform/sent-file.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import type { EtcdCopies } from '../cluster/index.ts'
import type { TakeIn } from '../instances/index.ts'
import type { InstallDeps } from '../services/index.ts'
import type { BackupsWorld } from './app/deps.ts'
import { appBackupSteps, backupApp } from './app/operation.ts'
import { deviceFile } from './download/device-file.ts'
import { type PartOf, partContent } from './download/part.ts'
import { deleteBackup } from './keep/delete.ts'
import { verifyBackup } from './keep/verify.ts'
import { type BackupManifest, type BackupReason, backupTime, newBackupId, type StoredBackup } from './model.ts'
import { createPartNotes } from './notes.ts'
import { restoreApp } from './restore/operation.ts'
import { restoreHome, vaultOfAny } from './restore-home/operation.ts'
import { type RunInput, runBackups } from './run/operation.ts'
import { createScheduleNotes, createScheduler } from './schedule.ts'
import { createTargetChange, type TargetChange } from './set-target.ts'
import { createBackupSettings } from './settings.ts'
import { type SettingsVerbs, settingsVerbs } from './settings-verbs.ts'
import { takeEtcd } from './take-etcd/operation.ts'
import { createTargets } from './targets.ts'

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
export interface BackupsService extends SettingsVerbs {
  /** Backups of an instance, also of one in the trash, newest first; of one app with `app`. Throws when its target cannot be read. */
  list(instance: string, app?: string): Promise<Backup[]>
  /** Backups of the whole device. */
  listDevice(): Promise<Backup[]>
  target(instance?: string): Promise<BackupTarget>
  backupApp(input: { instance: string; app: string; reason?: BackupReason }, via: Door): Promise<OperationRecord>
  /** Backs up parts of an instance, or the device. */
  run(input: Partial<RunInput>, via: Door): Promise<OperationRecord>
  /** Makes an instance of a backup of its folder; never over one that is there. */
  restoreHome(input: { instance: string; backup: string; name?: string }, via: Door): Promise<OperationRecord>
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
  /** A backup of the device as one encrypted file, from a byte on. Throws NOT_FOUND. */
  file(id: string, from: number): Promise<SentFile>
  /** A part of a backup of an instance, in the clear. Throws NOT_FOUND. */
  part(of: PartOf): Promise<SentFile>
  /** Puts what a backup holds of etcd among the snapshots of the instance. */
  takeEtcd(input: { instance: string; backup: string; name?: string }, via: Door): Promise<OperationRecord>
  /** Says where backups of an instance go. Throws INVALID_INPUT naming the field. */
  setTarget(instance: string, change: TargetChange, via: Door): Promise<BackupTarget>
  planTarget(instance: string, change: TargetChange): Promise<PlannedChange[]>
  /** Makes scheduled backups until `signal` aborts. */
  keepSchedule(signal: AbortSignal): Promise<void>
  readonly changes: Signals<void>
}

export interface BackupsDeps extends InstallDeps {
  db: Db
  log: Log
  paths: Paths
  masker: Masker
  central: YamlFile
  /** Copies of what etcd of a cluster holds. */
  etcd: EtcdCopies
  takeIn: TakeIn
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
  operations.define(takeEtcd(world))
  operations.define(runBackups(world))
  operations.define(restoreHome(world, deps.takeIn))

  const scheduleNotes = createScheduleNotes(join(paths.data, 'backups', 'schedule.json'))
  const scheduler = createScheduler({
    settings,
    notes: scheduleNotes,
    targets,
    operations,
    instances: async () => (await instances.list()).map(({ name }) => name),
    run: deps.reads,
    clock: deps.clock,
    log: deps.log,
    changed,
  })

  const targetChange = createTargetChange(deps)
  async function target(instance?: string): Promise<BackupTarget> {
    if (instance !== undefined) await instances.require(instance)
    try {
      const { kind, place } = await (instance === undefined ? targets.ofDevice() : targets.ofInstance(instance))
      return { kind, place }
    } catch (error) {
      return { kind: 'restic', place: '', problem: (error as Error).message }
    }
  }
  const newAppBackupId = (instance: string, app: string) => newBackupId('app', [instance, app], deps.clock.now())

  return {
    changes,
    async list(instance, app) {
      const found = await (await vaultOfAny(world, instance)).list(deps.reads)
      const all = found.map(shown)
      return app === undefined
        ? all
        : all.filter((one) => one.id.startsWith(`app-${instance}-${app}-2`) || one.app === app)
    },
    listDevice: async () => (await (await targets.ofDevice()).list(deps.reads)).map(shown),
    target,
    planTarget: targetChange.changes,
    async setTarget(instance, change, via) {
      await targetChange.set(instance, change, { via, reason: 'backup target' })
      changed()
      return target(instance)
    },
    backupApp: (input, via) => operations.start('app.backup', input, via),
    run: (input, via) => operations.start('backup.run', input, via),
    restoreHome: (input, via) => operations.start('backup.restore', input, via),
    restoreApp: (input, via) => operations.start('app.restore', input, via),
    verify: (input, via) => operations.start('backup.verify', input, via),
    delete: (input, via) => operations.start('backup.delete', input, via),
    takeEtcd: (input, via) => operations.start('backup.take-etcd', input, via),
    ...settingsVerbs({ settings, scheduler, notes: scheduleNotes, clock: deps.clock, changed }),
    file: (id, from) => deviceFile(world, id, from),
    part: (of) => partContent(world, of),
    keepSchedule: scheduler.keep,
    newAppBackupId,
    appSteps: (input) =>
      appBackupSteps(world, { ...input, backup: input.backup ?? newAppBackupId(input.instance, input.app) }),
  }
}
