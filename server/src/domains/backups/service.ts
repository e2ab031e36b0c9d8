import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepItem } from '../../operations/define.ts'
import type { OperationRecord } from '../../operations/engine.ts'
import type { Db } from '../../platform/db.ts'
import type { Door } from '../../platform/door.ts'
import { notFound, WildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Masker } from '../../platform/masking.ts'
import { parse } from '../../platform/names.ts'
import type { Paths } from '../../platform/paths.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import type { EtcdCopies } from '../cluster/index.ts'
import { type TakeIn, usablePassphrase } from '../instances/index.ts'
import type { InstallDeps } from '../services/index.ts'
import type { BackupsWorld } from './app/deps.ts'
import { appBackupSteps, backupApp } from './app/operation.ts'
import { deleteBackup } from './keep/delete.ts'
import { verifyBackup } from './keep/verify.ts'
import { type BackupManifest, type BackupReason, backupTime, newBackupId, type StoredBackup } from './model.ts'
import { createPartNotes } from './notes.ts'
import { restoreApp } from './restore/operation.ts'
import { restoreHome, vaultOfAny } from './restore-home/operation.ts'
import { devicePart } from './run/device.ts'
import { type RunInput, runBackups } from './run/operation.ts'
import { createScheduleNotes, createScheduler, type ScheduleState } from './schedule.ts'
import {
  type BackupSettings,
  createBackupSettings,
  type DeviceSecrets,
  type RunPart,
  scheduleSchema,
} from './settings.ts'
import { checkRepository, createTargets } from './targets.ts'

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
  settings(): Promise<ShownSettings>
  /** Changes what is given. Throws INVALID_INPUT naming the field. */
  setSettings(change: SettingsChange): Promise<ShownSettings>
  /** Passphrase of device backups, and keys of their repository. Throws INVALID_INPUT for one that is too short. */
  setDeviceSecrets(secrets: DeviceSecrets): Promise<void>
  /** The one file of a device backup that lies on this device, in base64. Throws CONFLICT when it is too large for that. */
  file(id: string): Promise<{ fileName: string; content: string }>
  /** Makes scheduled backups until `signal` aborts. */
  keepSchedule(signal: AbortSignal): Promise<void>
  readonly changes: Signals<void>
}

/** Settings of backups as they are shown: no passphrase, only whether there is one. */
export interface ShownSettings extends BackupSettings, ScheduleState {
  hasPassphrase: boolean
}

export interface SettingsChange {
  repository?: string
  enabled?: boolean
  at?: string
  everyHours?: number
  only?: RunPart[]
  daily?: number
  weekly?: number
  monthly?: number
}

/** The most that is sent as one answer. */
const largestFile = 64 * 1024 * 1024

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

  async function shownSettings(): Promise<ShownSettings> {
    const [kept, state, hasPassphrase] = await Promise.all([
      settings.read(),
      scheduler.state(),
      settings.hasPassphrase(),
    ])
    return { ...kept, ...state, hasPassphrase }
  }

  async function setSettings({ repository, daily, weekly, monthly, ...given }: SettingsChange): Promise<ShownSettings> {
    const before = await settings.read()
    const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    // One way of saying when takes the place of the other.
    const base = { ...before.schedule }
    if (given.at !== undefined) delete base.everyHours
    if (given.everyHours !== undefined) delete base.at
    const keep = Object.fromEntries(
      Object.entries({ daily, weekly, monthly }).filter(([, value]) => value !== undefined),
    )
    const schedule = parse(scheduleSchema, { ...base, ...change, keep: { ...base.keep, ...keep } })
    const place =
      repository === undefined
        ? before.repository
        : repository === ''
          ? undefined
          : checkRepository(repository, 'repository')
    if (schedule.enabled && schedule.only.includes('device')) await settings.passphrase()
    await settings.save({ ...(place === undefined ? {} : { repository: place }), schedule })
    // What was missed while it was off is not made up.
    if (schedule.enabled && !before.schedule.enabled)
      await scheduleNotes.save({ ...(await scheduleNotes.read()), since: deps.clock.now() })
    changed()
    return shownSettings()
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
    run: (input, via) => operations.start('backup.run', input, via),
    restoreHome: (input, via) => operations.start('backup.restore', input, via),
    restoreApp: (input, via) => operations.start('app.restore', input, via),
    verify: (input, via) => operations.start('backup.verify', input, via),
    delete: (input, via) => operations.start('backup.delete', input, via),
    settings: shownSettings,
    setSettings,
    async setDeviceSecrets({ passphrase, ...keys }) {
      const usable = passphrase === undefined ? {} : { passphrase: usablePassphrase(passphrase) }
      await settings.setSecrets({ ...usable, ...keys })
      changed()
    },
    async file(id) {
      const vault = await targets.ofDevice()
      if (!(await vault.list(deps.reads)).some((one) => one.id === id && one.manifest))
        throw notFound('device backup', id, 'wild-cli backup list --device')
      const path = join(vault.place, id, `${devicePart}.sealed`)
      if (vault.kind !== 'archive')
        throw new WildError(
          'CONFLICT',
          `It is in the repository ${vault.place}. Get it from there: restic dump latest --tag backup:${id},part:${devicePart} ${devicePart}`,
          { name: id },
        )
      const { size } = await stat(path)
      if (size > largestFile)
        throw new WildError('CONFLICT', `The file is too large to be sent at once. Copy it from this device: ${path}`, {
          path,
          size,
        })
      return { fileName: `${id}.wild`, content: (await readFile(path)).toString('base64') }
    },
    keepSchedule: scheduler.keep,
    newAppBackupId,
    appSteps: (input) =>
      appBackupSteps(world, { ...input, backup: input.backup ?? newAppBackupId(input.instance, input.app) }),
  }
}
