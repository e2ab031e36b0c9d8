import type { PlannedChange } from '../../operations/define.ts'
import type { Clock } from '../../platform/clock.ts'
import { parse } from '../../platform/names.ts'
import { usablePassphrase } from '../instances/index.ts'
import type { ScheduleNotes, Scheduler, ScheduleState } from './schedule.ts'
import {
  type BackupSettings,
  type BackupSettingsStore,
  type DeviceSecrets,
  type RunPart,
  scheduleSchema,
} from './settings.ts'
import { checkRepository } from './targets.ts'

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

interface Deps {
  settings: BackupSettingsStore
  scheduler: Scheduler
  notes: ScheduleNotes
  clock: Clock
  changed(): void
}

/** What can be done with the settings of backups that the daemon makes by itself, and of those of the device. */
export interface SettingsVerbs {
  settings(): Promise<ShownSettings>
  /** Changes what is given. Throws INVALID_INPUT naming the field. */
  setSettings(change: SettingsChange): Promise<ShownSettings>
  planSettings(change: SettingsChange): Promise<PlannedChange[]>
  /** Passphrase of device backups, and keys of their repository. Throws INVALID_INPUT for one that is too short. */
  setDeviceSecrets(secrets: DeviceSecrets): Promise<void>
  planDeviceSecrets(secrets: DeviceSecrets): Promise<PlannedChange[]>
}

/** The verbs over the files that keep the settings. */
export function settingsVerbs({ settings, scheduler, notes, clock, changed }: Deps): SettingsVerbs {
  async function shown(): Promise<ShownSettings> {
    const [kept, state, hasPassphrase] = await Promise.all([
      settings.read(),
      scheduler.state(),
      settings.hasPassphrase(),
    ])
    return { ...kept, ...state, hasPassphrase }
  }

  async function checked({ repository, daily, weekly, monthly, ...given }: SettingsChange) {
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
    return { before, after: { ...(place === undefined ? {} : { repository: place }), schedule } }
  }

  function usable({ passphrase, ...keys }: DeviceSecrets): DeviceSecrets {
    return { ...(passphrase === undefined ? {} : { passphrase: usablePassphrase(passphrase) }), ...keys }
  }

  return {
    settings: shown,
    async setSettings(change) {
      const { before, after } = await checked(change)
      await settings.save(after)
      // What was missed while it was off is not made up.
      if (after.schedule.enabled && !before.schedule.enabled)
        await notes.save({ ...(await notes.read()), since: clock.now() })
      changed()
      return shown()
    },
    async planSettings(change) {
      const { before, after } = await checked(change)
      const [now, then] = [told(before), told(after)]
      return Object.keys(then)
        .filter((name) => then[name] !== now[name])
        .map((name) => ({ kind: 'note' as const, text: `${name}: ${then[name]}; now: ${now[name]}` }))
    },
    async setDeviceSecrets(secrets) {
      await settings.setSecrets(usable(secrets))
      changed()
    },
    async planDeviceSecrets(secrets) {
      const { passphrase, accessKey, secretKey } = usable(secrets)
      const again = passphrase !== undefined && (await settings.hasPassphrase())
      const lines = [
        ...(passphrase === undefined ? [] : ['the passphrase of device backups would be set']),
        ...(again ? ['backups made until now still need the one before'] : []),
        ...(accessKey === undefined && secretKey === undefined ? [] : ['the keys of their repository would be set']),
      ]
      return lines.map((text) => ({ kind: 'note' as const, text }))
    },
  }
}

/** Settings in words. */
function told({ repository, schedule }: BackupSettings): Record<string, string> {
  const { enabled, at, everyHours, only, keep } = schedule
  return {
    schedule: enabled ? 'on' : 'off',
    when: everyHours === undefined ? `at ${at ?? '03:00'}` : `every ${everyHours} hours`,
    what: only.join(', '),
    keeps: `${keep.daily} days, ${keep.weekly} weeks, ${keep.monthly} months`,
    'backups of the device': repository ?? 'files on this device',
  }
}
