import { z } from 'zod'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import type { Masker } from '../../platform/masking.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import { usualKeep } from './retention.ts'

/** What a run backs up. */
export const runParts = ['home', 'apps', 'cluster', 'device'] as const
export type RunPart = (typeof runParts)[number]

const most = 10_000

export const keepSchema = z.strictObject({
  daily: z.int().min(0).max(most).default(usualKeep.daily),
  weekly: z.int().min(0).max(most).default(usualKeep.weekly),
  monthly: z.int().min(0).max(most).default(usualKeep.monthly),
})

/** When the daemon makes backups by itself. */
export const scheduleSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    /** Time of the day on this device, `03:30`. */
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of the day looks like 03:30.')
      .optional(),
    /** Hours between two runs, instead of a time of the day. */
    everyHours: z
      .int()
      .min(1)
      .max(24 * 31)
      .optional(),
    only: z.array(z.enum(runParts)).min(1).default(['home', 'apps', 'cluster']),
    keep: keepSchema.default(usualKeep),
  })
  .refine(({ at, everyHours }) => at === undefined || everyHours === undefined, {
    message: 'Give a time of the day or a number of hours, not both.',
    path: ['everyHours'],
  })
export type Schedule = z.output<typeof scheduleSchema>

const settingsSchema = z.strictObject({
  /** restic repository of device backups. */
  repository: z.string().optional(),
  schedule: scheduleSchema.default(scheduleSchema.parse({})),
})
export type BackupSettings = z.output<typeof settingsSchema>

const secretsSchema = z.object({
  passphrase: z.string().optional(),
  accessKey: z.string().optional(),
  secretKey: z.string().optional(),
})
export type DeviceSecrets = z.infer<typeof secretsSchema>

/** Settings of backups in central.yaml; passphrase and keys of device backups in a file of their own (0600). */
export interface BackupSettingsStore {
  /** Throws CONFIG_INVALID naming the key of central.yaml that makes no sense. */
  read(): Promise<BackupSettings>
  save(settings: BackupSettings): Promise<void>
  hasPassphrase(): Promise<boolean>
  /** Throws INVALID_INPUT, saying how to set it, when there is none yet. */
  passphrase(): Promise<string>
  keys(): Promise<Record<string, string>>
  setSecrets(secrets: DeviceSecrets): Promise<void>
}

/** A store over central.yaml and the file of device secrets. */
export function createBackupSettings(central: YamlFile, secretsFile: string, masker: Masker): BackupSettingsStore {
  async function secrets(): Promise<DeviceSecrets> {
    const text = await readFileIfThere(secretsFile)
    if (text === undefined) return {}
    try {
      const found = secretsSchema.parse(JSON.parse(text))
      masker.add(Object.values(found).filter((value) => value !== undefined))
      return found
    } catch {
      throw new WildError('CONFIG_INVALID', `${secretsFile} makes no sense. Put it back from a backup or remove it.`, {
        file: secretsFile,
      })
    }
  }

  return {
    async read() {
      const { tree } = await central.read()
      const parsed = settingsSchema.safeParse(tree.backup ?? {})
      if (parsed.success) return parsed.data
      const [issue] = parsed.error.issues
      const field = ['backup', ...(issue?.path ?? [])].join('.')
      throw new WildError('CONFIG_INVALID', `central.yaml does not make sense at ${field}: ${issue?.message}`, {
        field,
      })
    },
    async save(settings) {
      await central.change([{ path: ['backup'], value: settings }])
    },
    hasPassphrase: async () => (await secrets()).passphrase !== undefined,
    async passphrase() {
      const { passphrase } = await secrets()
      if (passphrase !== undefined) return passphrase
      throw new WildError(
        'INVALID_INPUT',
        'There is no passphrase for backups of the device yet. Choose one and keep it elsewhere: without it they cannot be restored.',
        { field: 'passphrase', hint: 'wild-cli backup passphrase' },
      )
    },
    async keys() {
      const { accessKey, secretKey } = await secrets()
      return {
        ...(accessKey === undefined ? {} : { AWS_ACCESS_KEY_ID: accessKey }),
        ...(secretKey === undefined ? {} : { AWS_SECRET_ACCESS_KEY: secretKey }),
      }
    },
    async setSecrets(changes) {
      const next = { ...(await secrets()), ...changes }
      masker.add(Object.values(next).filter((value) => value !== undefined))
      await writeFileAtomic(secretsFile, `${JSON.stringify(next)}\n`, { mode: 0o600 })
    },
  }
}
