import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { askSecret } from '../ask.ts'
import { act, addCommand } from '../command.ts'
import { usageError } from '../errors.ts'
import { formatTime } from '../output/units.ts'
import { showChange, showFields } from '../show.ts'

interface Settings {
  repository?: string | null
  has_passphrase: boolean
  enabled: boolean
  at?: string | null
  every_hours?: number | null
  only: string[]
  daily: number
  weekly: number
  monthly: number
  last_run?: string | null
  next_run?: string | null
  problems: string[]
}

interface ScheduleOptions {
  on?: boolean
  off?: boolean
  at?: string
  every?: string
  only?: string
  daily?: string
  weekly?: string
  monthly?: string
  repository?: string
}

/** Adds `backup schedule` and `backup passphrase`. */
export function addDeviceBackupCommands(group: Command): void {
  addSchedule(group)
  addPassphrase(group)
}

function addSchedule(group: Command): void {
  addCommand(group, 'schedule', 'Show or change the backups the daemon makes by itself', [
    'backup schedule',
    'backup schedule --on --at 03:30 --only home,apps,cluster,device',
    'backup schedule --every 6 --daily 7 --weekly 4 --monthly 6',
    'backup schedule --off',
  ])
    .option('--on', 'make backups by itself')
    .option('--off', 'do not')
    .option('--at <time>', 'time of the day on the device, such as 03:30')
    .option('--every <hours>', 'every so many hours, instead of a time')
    .option('--only <parts>', 'some of home, apps, cluster, device, separated by commas')
    .option('--daily <count>', 'days that keep their last backup')
    .option('--weekly <count>', 'weeks that do')
    .option('--monthly <count>', 'months that do')
    .option('--repository <place>', 'restic repository of device backups ("" keeps them as files on the device)')
    .action(
      act<[], ScheduleOptions>(async (session, _args, options) => {
        if (options.on && options.off) throw usageError('--on and --off: give one of them.')
        const body = {
          enabled: options.on ? true : options.off ? false : undefined,
          at: options.at,
          every_hours: whole('every', options.every),
          only: options.only?.split(',').map((part) => part.trim()),
          daily: whole('daily', options.daily),
          weekly: whole('weekly', options.weekly),
          monthly: whole('monthly', options.monthly),
          repository: options.repository,
        }
        const asked = Object.values(body).some((value) => value !== undefined)
        if (asked) await session.api.send('PUT', '/backups/settings', body)
        const settings = await session.api.get<Settings>('/backups/settings')
        await showFields(session, settings, {
          Schedule: settings.enabled ? 'on' : 'off',
          When: settings.every_hours ? `every ${settings.every_hours} hours` : `at ${settings.at}`,
          What: settings.only.join(', '),
          Keeps: `${settings.daily} days, ${settings.weekly} weeks, ${settings.monthly} months`,
          'Last run': formatTime(settings.last_run) ?? 'never',
          'Next run': formatTime(settings.next_run),
          'Device repository': settings.repository ?? 'none: files on the device',
          'Device passphrase': settings.has_passphrase ? 'set' : 'not set: wild-cli backup passphrase',
        })
        for (const problem of settings.problems) session.messages.warning(problem)
      }),
    )
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,5}$/.test(text)) throw usageError(`--${name}: "${text}" is not a whole number.`)
  return Number(text)
}

function addPassphrase(group: Command): void {
  addCommand(group, 'passphrase', 'Set the passphrase of device backups; keep it elsewhere too', [
    'backup passphrase',
    'backup passphrase --from-file passphrase.txt',
  ])
    .option('--from-file <file>', 'read it from a file (a newline at its end is dropped)')
    .action(
      act<[], { fromFile?: string }>(async (session, _args, { fromFile }) => {
        const text = fromFile === undefined ? await askSecret(session, 'Passphrase') : await readFile(fromFile, 'utf8')
        const passphrase = text.replace(/\r?\n$/, '')
        const answer = await session.api.send('PUT', '/backups/passphrase', { passphrase })
        await showChange(session, answer, 'The passphrase of device backups is set.')
        session.messages.info('Keep it elsewhere too: without it nobody can restore the device.')
      }),
    )
}
